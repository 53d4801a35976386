"""Optimizers: moving downhill. Fill in the functions below and check them with `pytest exercises/optimizers`.

Results are new tensors with the dtype and device of the inputs. Inputs are never modified, nothing is
printed, and no state is kept between calls but what you return. Build from elementary operations: torch.optim
and torch.nn.utils are there to compare with, and earn no points.
"""

import torch


def adam_step(
    param: torch.Tensor,
    grad: torch.Tensor,
    m: torch.Tensor,
    v: torch.Tensor,
    t: int,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (torch.sqrt(v) + eps), m, v


def clip_grad_norm(grads: list[torch.Tensor], max_norm: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Shorten all gradients by one common factor if together they are longer than max_norm.

        total_norm = sqrt(sum of the squares of every entry of every tensor)
        factor     = min(1, max_norm / total_norm)

    max_norm / (total_norm + 1e-6), as torch has it, counts just as well.

    Args:
        grads: tensors of any shapes. They are measured together, as if laid end to end.
        max_norm: the longest that they may be.

    Returns:
        (clipped, total_norm): a new list in the same order, and the norm before clipping, a 0-d tensor.
        Gradients are never scaled up, and zero gradients stay zero.

    Raises:
        ValueError: the norm is infinite or NaN.

    Example:
        grads = [[2, 1], [[2]]] have the norm sqrt(4 + 1 + 4) = 3. With max_norm = 1.5 the factor is 0.5 and
        clipped is [[1, 0.5], [[1]]]; with max_norm = 10 it is equal to grads. total_norm is 3 both times.

    See Pascanu et al. 2013, Algorithm 1; torch.nn.utils.clip_grad_norm_.
    """
    raise NotImplementedError
