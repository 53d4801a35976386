"""Scaling: more than memory holds. Fill in the functions below and check them with `pytest exercises/scaling`.

Results keep the dtype and device of the inputs; inputs are never modified, and nothing is printed. Numbers of bytes and
of operations are exact Python ints, however large. torch.utils.checkpoint, torch.amp and autograd are there to compare
with, and earn no points.
"""

from collections.abc import Callable

import torch


def training_memory(sizes: list[int], batch_size: int, states: int = 2, bytes_per_number: int = 4) -> int:
    """Count the bytes that training a plain network of linear layers keeps in memory.

    Kept are

        the parameters: weights and biases of all linear layers
        their gradients: as many numbers again
        the optimizer's states: as many numbers again for each of its `states` (Adam has 2)
        the inputs of all linear layers for the whole batch, which the backward pass needs

    The batch itself is the input of the first layer and counts; the logits are the input of no layer and do not.

    Args:
        sizes: [D, H1, ..., C], two numbers or more: of the features, of the units of each hidden layer, of the classes.
        batch_size: samples in a batch.
        states: numbers that the optimizer keeps for each parameter.
        bytes_per_number: 4 for float32.

    Returns:
        The number of bytes, an int.

    Example:
        sizes = [3, 4, 2] have 3 * 4 + 4 + 4 * 2 + 2 = 26 parameters. With batch_size = 5 the layers' inputs are
        5 * (3 + 4) = 35 numbers, and it is (26 * 4 + 35) * 4 = 556 bytes.
    """
    raise NotImplementedError


def training_flops(sizes: list[int], batch_size: int, steps: int) -> int:
    """Count the floating-point operations of a training run: 6 for each weight, sample and step.

    A multiplication and an addition go forward, and twice as many back: to the inputs and to the weights. Biases and
    activations are left out, because they come to next to nothing.

    Args:
        sizes: [D, H1, ..., C], two numbers or more.
        batch_size: samples in a batch.
        steps: batches of the run.

    Returns:
        The number of operations, an exact int, however large it is.

    Example:
        sizes = [3, 4, 2] have 20 weights: with batch_size = 5 and steps = 7 these are 6 * 20 * 5 * 7 = 4200.

    See Kaplan et al. 2020, "Scaling Laws for Neural Language Models", section 2.1.
    """
    raise NotImplementedError


def accumulate_gradients(
    grad_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    x: torch.Tensor,
    y: torch.Tensor,
    micro_batch_size: int,
) -> torch.Tensor:
    """Compute the gradient of a batch that does not fit into memory from pieces that do.

    The batch is cut into consecutive micro-batches of `micro_batch_size` samples, the last of which may be shorter.
    Each is given to grad_fn once.

    Args:
        grad_fn: grad_fn(x, y) is the gradient of the *mean* loss over the samples that it is given, one tensor of any
            shape. It runs out of memory for more than `micro_batch_size` samples. Do not write into what it returns.
        x, y: (N, ...) and (N, ...), the batch: sample i is x[i] with y[i].
        micro_batch_size: at least 1; it need not divide N, and may be larger.

    Returns:
        The gradient of the mean loss over all N samples, of the shape that grad_fn returns.

    Example:
        Of 3 samples with the gradients 1, 2 and 6, grad_fn gives 1.5 for the first two and 6 for the third. The mean
        over all three is 3.
    """
    raise NotImplementedError


def checkpointed_backward(
    forwards: list[Callable[[torch.Tensor], torch.Tensor]],
    backwards: list[Callable[[torch.Tensor, torch.Tensor], torch.Tensor]],
    x: torch.Tensor,
    grad_out: torch.Tensor,
    every: int,
) -> torch.Tensor:
    """Go back through a deep network that has kept only some of its layers' inputs, and recompute the others.

        on the way forward    keep the inputs of the layers 0, every, 2 every, ..., and forget all others
        on the way back       segment by segment, the last one first: run its layers again from the input that was kept,
                              then go back through it

    Each layer is run forwards at most twice: once on the way, once again for the way back. In the last segment once is
    enough, and the last layer's output is not needed at all.

    Args:
        forwards: forwards[i](x) is the output of layer i. There is at least one layer.
        backwards: backwards[i](grad_out, x) is the gradient with respect to layer i's input x.
        x: the input of layer 0.
        grad_out: the gradient of the loss with respect to the last layer's output.
        every: layers in a segment, at least 1, where nothing has to be run again. The last segment may be shorter.

    Returns:
        The gradient of the loss with respect to x.

    Example:
        With 5 layers and every = 2, the inputs of layers 0, 2 and 4 are kept. On the way back layer 4 comes first; then
        layer 2 is run again, which gives the input of layer 3; then layer 0, which gives the input of layer 1.

    See Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", and torch.utils.checkpoint.
    """
    raise NotImplementedError


def unscale(grads: list[torch.Tensor], scale: float) -> tuple[list[torch.Tensor], bool]:
    """Divide gradients by the factor that the loss was multiplied by, and say whether any of them overflowed.

    Args:
        grads: one tensor or more, of any shapes, of the loss times scale.
        scale: the factor, above 0.

    Returns:
        (unscaled, found_inf): a list of the gradients divided by scale, what is not finite included; and a Python bool,
        True where any number of the grads that were given is infinite or NaN.

    Example:
        grads = [[8.0, inf], [2.0]] and scale = 4.0 give [[2.0, inf], [0.5]] and True.

    See torch.amp.GradScaler.unscale_.
    """
    raise NotImplementedError


def update_loss_scale(
    scale: float,
    good_steps: int,
    found_inf: bool,
    growth: float = 2.0,
    backoff: float = 0.5,
    interval: int = 2000,
) -> tuple[float, int]:
    """Choose the factor of the next step's loss: smaller after an overflow, larger after many steps without one.

    After an overflow the scale is multiplied by backoff, and the count of good steps starts again at 0. Otherwise this
    is one more good step; with the one that makes `interval` of them the scale is multiplied by growth, and the count
    starts again at 0.

    Args:
        scale: the factor of this step.
        good_steps: steps without an overflow since the scale last changed, this one not counted; less than interval.
        found_inf: whether this step's gradients overflowed.
        growth, backoff, interval: see above.

    Returns:
        (scale, good_steps): a float and an int, both for the next step.

    Example:
        scale = 8.0 and good_steps = 1 with interval = 3 give (8.0, 2) after a good step and (4.0, 0) after an overflow.
        From (8.0, 2) a good step leads to (16.0, 0).

    See torch.amp.GradScaler.update.
    """
    raise NotImplementedError
