"""Fine-tuning: starting from somewhere. Fill in the functions below and check them with `pytest exercises/finetuning`.

Results keep the dtype and device of the inputs; inputs are never modified, and nothing is printed. Autograd must reach
through l2_sp_penalty: no detach, no .item() on its way. torch.optim is there to compare with, and earns no points.
"""

import torch


def layerwise_rates(num_layers: int, base_lr: float, decay: float) -> list[float]:
    """Give each layer its own learning rate: the last one base_lr, each one before it `decay` times that of the next.

    Args:
        num_layers: how many layers there are, at least 1.
        base_lr: the rate of the last layer, the one nearest to the output.
        decay: any number from 0 up. 1 gives all layers the same rate, 0 leaves all but the last where they are.

    Returns:
        A list of num_layers Python floats, the rate of the first layer first.

    Example:
        num_layers = 3, base_lr = 0.8 and decay = 0.5 give [0.2, 0.4, 0.8].

    See Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text Classification" (discriminative rates).
    """
    raise NotImplementedError


def decay_groups(params: dict[str, torch.Tensor]) -> tuple[list[str], list[str]]:
    """Sort the parameters of a network into those that get weight decay and those that do not.

    Weight decay is for tensors of two or more dimensions: the weights of linear layers, embeddings and convolutions.
    Biases and the scales of normalization layers have one, and are left alone. Only the number of dimensions counts,
    not a tensor's name and not its size.

    Args:
        params: tensors by name, of any shapes.

    Returns:
        (decayed, not_decayed): two lists of names, each in the order of the dict.

    Example:
        {"0.weight": (8, 4), "0.bias": (8,), "1.weight": (2, 8)} gives (["0.weight", "1.weight"], ["0.bias"]), where
        the pairs in brackets are the tensors' shapes.
    """
    raise NotImplementedError


def finetune_step(
    params: dict[str, torch.Tensor], grads: dict[str, torch.Tensor], rates: dict[str, float], trainable: set[str]
) -> dict[str, torch.Tensor]:
    """Take one step of SGD with the trainable parameters, and leave the frozen ones as they are.

        new = param - rate * grad      where the name is in trainable, with the rate and the gradient of that name
        new = param                    elsewhere: the very same tensor, not a copy of it

    Args:
        params: tensors by name, of any shapes, float32 or float64.
        grads, rates: gradients and learning rates by name. A frozen name may be missing; where it is there, it is
            ignored.
        trainable: the names that are trained.

    Returns:
        A new dict with the names of params.

    Example:
        params = {"w": [1.0, 2.0], "b": [3.0]}, grads = {"w": [10.0, -10.0]}, rates = {"w": 0.1} and trainable = {"w"}
        give {"w": [0.0, 3.0], "b": [3.0]}.
    """
    raise NotImplementedError


def l2_sp_penalty(weights: list[torch.Tensor], start: list[torch.Tensor], strength: float) -> torch.Tensor:
    """Put a price on every step away from the weights that fine-tuning started from (L2-SP: "starting point").

        penalty = strength * (sum of (w - w0)^2 over every entry w of every tensor, w0 being where that entry started)

    There is no root, no mean, and no factor 1/2.

    Args:
        weights: one tensor or more, float32 or float64, of any shapes.
        start: tensors of the same shapes, in the same order.
        strength: how much the penalty counts in the loss.

    Returns:
        A 0-d tensor. Its gradient at a weight w is 2 strength (w - w0). start is a constant: whether a gradient reaches
        it is up to you.

    Example:
        weights = [[[1.0, -2.0]], [3.0]], start = [[[1.5, -1.0]], [1.0]] and strength = 0.1 give
        0.1 * (0.25 + 1 + 4) = 0.525.

    See Li et al. 2018, "Explicit Inductive Bias for Transfer Learning with Convolutional Networks".
    """
    raise NotImplementedError


def ema_update(averages: list[torch.Tensor], weights: list[torch.Tensor], decay: float) -> list[torch.Tensor]:
    """Move the running averages of a network's weights a little towards what the weights are now.

        new average = decay * average + (1 - decay) * weight

    Args:
        averages, weights: tensors of the same shapes in the same order, float32 or float64.
        decay: the share of the old average that stays, from 0 to 1; often 0.999.

    Returns:
        A list of the new averages. There is no correction for the start.

    Example:
        averages = [[1.0, 2.0]], weights = [[3.0, -2.0]] and decay = 0.75 give [[1.5, 1.0]].
    """
    raise NotImplementedError
