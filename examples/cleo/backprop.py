"""Backprop: who is to blame. Fill in the functions below and check them with `pytest exercises/backprop`.

A gradient has the shape of what it is the gradient of, and the dtype and device of the inputs. Inputs are
never modified and nothing is printed. Build from elementary operations: torch.autograd and Tensor.backward
are there to compare with, and earn no points.
"""

import torch


def linear_backward(
    grad_out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Carry the gradient back through a linear layer, out[n, o] = sum_d x[n, d] weight[o, d] + bias[o].

        grad_x[n, d]      = sum_o grad_out[n, o] weight[o, d]
        grad_weight[o, d] = sum_n grad_out[n, o] x[n, d]
        grad_bias[o]      = sum_n grad_out[n, o]

    Args:
        grad_out: gradient of the loss with respect to the layer's output, (N, out), as large as it should be:
            the 1/N of a mean is already in it.
        x: what the layer was given, (N, D).
        weight: (out, D), as in torch.nn.Linear.

    Returns:
        (grad_x, grad_weight, grad_bias), of shapes (N, D), (out, D) and (out,).

    Example:
        grad_out = [[1, 0], [2, -1]], x = [[1, 2, 3], [0, 1, -1]] and weight = [[1, 0, -1], [2, 1, 0]] give
        grad_x = [[1, 0, -1], [0, -1, -2]], grad_weight = [[1, 4, 1], [0, -1, 1]], grad_bias = [3, -1].

    See Rumelhart, Hinton & Williams 1986; torch.nn.functional.linear under autograd.
    """
    return grad_out @ weight, (grad_out.T @ x, grad_out.sum(0)


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
