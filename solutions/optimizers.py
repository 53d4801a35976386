"""Reference solutions of the unit optimizers."""

import torch
from torch import Tensor


def adam_step(
    param: Tensor,
    grad: Tensor,
    m: Tensor,
    v: Tensor,
    t: int,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor]:
    """New (param, m, v), all of the shape of `param`; Kingma & Ba 2015, Algorithm 1, and `torch.optim.Adam`."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    # Both averages started from 0, so after t steps they hold only the share 1 - beta**t of what they should.
    # The correction is for this step; the state that goes on to the next one stays uncorrected.
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (torch.sqrt(v_hat) + eps), m, v


def clip_grad_norm(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], Tensor]:
    """(clipped, total_norm): all tensors scaled by one factor so that together they are no longer than `max_norm`.

    total_norm is the length before, 0-d; ValueError where it is infinite or NaN. Pascanu et al. 2013 and
    `torch.nn.utils.clip_grad_norm_`.
    """
    total_norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in grads]))
    if not torch.isfinite(total_norm):
        raise ValueError(f"the norm of the gradients is {total_norm.item()}")
    # 1e-6 keeps the factor finite when every gradient is 0; the clamp keeps small gradients as they are.
    factor = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    return [grad * factor for grad in grads], total_norm
