"""Backprop: who is to blame. Fill in the functions below and check them with `pytest exercises/backprop`.

A gradient has the shape of what it is the gradient of, and the dtype and device of the inputs. Inputs are
never modified and nothing is printed. Build from elementary operations: torch.autograd and Tensor.backward
are there to compare with, and earn no points.
"""

import torch


def linear_backward(
    grad_out: torch.Tensor, x: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return grad_out @ weight, torch.einsum("no,ni->oi", grad_out, x), grad_out.sum(0)


def softmax_cross_entropy_backward(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    p = torch.exp(logits - torch.logsumexp(logits, 1, keepdim=True))
    p[range(len(labels)), labels] -= 1
    return p / len(labels)
