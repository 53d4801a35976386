"""Backprop: who is to blame. Fill in the functions below and check them with `pytest exercises/backprop`.

A gradient has the shape of what it is the gradient of, and the dtype and device of the inputs. Inputs are
never modified and nothing is printed. Build from elementary operations: torch.autograd and Tensor.backward
are there to compare with, and earn no points.
"""

import torch


def linear_backward(
    grad_out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    n = len(x)
    return grad_out @ weight, grad_out.T @ x / n, grad_out.mean(0)


def softmax_cross_entropy_backward(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Differentiate the mean cross-entropy of softmax with respect to the logits: prediction minus truth.

        grad_logits[n, c] = (softmax(logits_n)[c] - 1[c = labels_n]) / N

    1[...] is 1 where the condition holds and 0 elsewhere.

    Args:
        logits: float32 or float64, of shape (N, C), of any size.
        labels: int64 class indices from 0 to C - 1, of shape (N,).

    Returns:
        A tensor of shape (N, C), finite for logits of any size. Each row adds up to 0.

    Example:
        logits = [[0, log 3], [0, 0]] = [[0.0, 1.0986], [0.0, 0.0]] are the probabilities
        [[1/4, 3/4], [1/2, 1/2]]. With labels = [0, 1] the gradient is
        [[-3/4, 3/4], [1/2, -1/2]] / 2 = [[-0.375, 0.375], [0.25, -0.25]].

    See torch.nn.functional.cross_entropy under autograd.
    """
    raise NotImplementedError
