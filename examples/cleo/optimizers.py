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
    """Take one step of Adam and return the new (param, m, v), each of the shape of param (any shape).

        m' = beta1 m + (1 - beta1) grad          m_hat = m' / (1 - beta1^t)
        v' = beta2 v + (1 - beta2) grad^2        v_hat = v' / (1 - beta2^t)
        param' = param - lr m_hat / (sqrt(v_hat) + eps)

    m and v are zeros before the first step, and t is 1 on it. The m' and v' returned are the uncorrected
    averages, not m_hat and v_hat. eps stands outside the root.

    Example:
        param = [1.0], grad = [0.5], m = v = [0.0], t = 1 and lr = 0.1 give m' = 0.05 and v' = 0.00025.
        Corrected they are 0.5 and 0.25, the step is 0.1 * 0.5 / 0.5 = 0.1, and what is returned is
        ([0.9], [0.05], [0.00025]).

    See Kingma & Ba 2015, Algorithm 1; torch.optim.Adam.
    """
    raise NotImplementedError


def clip_grad_norm(grads: list[torch.Tensor], max_norm: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    total = torch.sqrt(sum((g**2).sum() for g in grads))
    for g in grads:
        g *= max_norm / total
    return grads, total
