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
    v = beta2 * v + (1 - beta2) * grad * grad
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / torch.sqrt(v_hat + eps), m, v


def clip_grad_norm(grads: list[torch.Tensor], max_norm: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    total = torch.sqrt(sum((g**2).sum() for g in grads))
    if not torch.isfinite(total):
        raise ValueError("the norm is not finite")
    scale = min(1.0, max_norm / (total.item() + 1e-6))
    return [g * scale for g in grads], total
