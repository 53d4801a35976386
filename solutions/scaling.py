"""Reference solutions of the unit scaling."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor


def training_memory(sizes: list[int], batch_size: int, states: int = 2, bytes_per_number: int = 4) -> int:
    """Bytes of parameters, gradients, optimizer states and the inputs of all linear layers."""
    parameters = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return bytes_per_number * (parameters * (2 + states) + batch_size * sum(sizes[:-1]))


def training_flops(sizes: list[int], batch_size: int, steps: int) -> int:
    """6 operations a weight, sample and step (Kaplan et al. 2020)."""
    return 6 * sum(inputs * outputs for inputs, outputs in pairwise(sizes)) * batch_size * steps


def accumulate_gradients(
    grad_fn: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor, micro_batch_size: int
) -> Tensor:
    """The gradient of the mean over the batch from means over micro-batches, each with its share of the samples."""
    pieces = zip(x.split(micro_batch_size), y.split(micro_batch_size), strict=True)
    return torch.stack([grad_fn(some_x, some_y) * (len(some_x) / len(x)) for some_x, some_y in pieces]).sum(0)


def checkpointed_backward(
    forwards: list[Callable[[Tensor], Tensor]],
    backwards: list[Callable[[Tensor, Tensor], Tensor]],
    x: Tensor,
    grad_out: Tensor,
    every: int,
) -> Tensor:
    """The gradient with respect to x, with a segment's inputs in memory at a time (Chen et al. 2016)."""
    starts = range(0, len(forwards), every)
    kept = [x]
    for start in starts[1:]:
        x = kept[-1]
        for forward in forwards[start - every : start]:
            x = forward(x)
        kept.append(x)
    for start in reversed(starts):
        inputs = [kept.pop()]
        for forward in forwards[start : start + every][:-1]:
            inputs.append(forward(inputs[-1]))
        for backward in reversed(backwards[start : start + every]):
            grad_out = backward(grad_out, inputs.pop())
    return grad_out


def unscale(grads: list[Tensor], scale: float) -> tuple[list[Tensor], bool]:
    """Gradients divided by the scale of the loss, and whether any of those given is not finite."""
    return [grad / scale for grad in grads], not all(bool(grad.isfinite().all()) for grad in grads)


def update_loss_scale(
    scale: float, good_steps: int, found_inf: bool, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000
) -> tuple[float, int]:
    """The next (scale, good_steps), as torch.amp.GradScaler.update has them."""
    if found_inf:
        return scale * backoff, 0
    if good_steps + 1 == interval:
        return scale * growth, 0
    return scale, good_steps + 1
