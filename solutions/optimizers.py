"""Reference solutions of the unit optimizers."""

from collections.abc import Callable

import torch
from torch import Tensor


def gradient_descent(grad_fn: Callable[[Tensor], Tensor], start: Tensor, lr: float, steps: int) -> list[Tensor]:
    """The points on the way, `steps + 1` tensors of the shape of `start`: `start` and where each step ends."""
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - lr * grad_fn(points[-1]))
    return points


def minibatches(num_samples: int, batch_size: int, generator: torch.Generator) -> list[Tensor]:
    """One epoch: int64 index tensors on the generator's device, together each of 0 .. num_samples - 1 once.

    Every batch has `batch_size` indices, but for the last where they do not come out even.
    """
    order = torch.randperm(num_samples, generator=generator, device=generator.device)
    return list(order.split(batch_size))


def sgd_step(param: Tensor, grad: Tensor, lr: float) -> Tensor:
    """New param, any shape; `torch.optim.SGD`."""
    return param - lr * grad


def momentum_step(
    param: Tensor, grad: Tensor, velocity: Tensor, lr: float, momentum: float = 0.9
) -> tuple[Tensor, Tensor]:
    """New (param, velocity), both of the shape of `param`; Polyak 1964, in the form of `torch.optim.SGD`."""
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity


def nesterov_step(
    param: Tensor, grad_fn: Callable[[Tensor], Tensor], velocity: Tensor, lr: float, momentum: float = 0.9
) -> tuple[Tensor, Tensor]:
    """New (param, velocity), both of the shape of `param`; Sutskever et al. 2013, with the rate outside the velocity.

    `torch.optim.SGD(nesterov=True)` keeps the point ahead in the place of `param`, and walks the same way.
    """
    # The old velocity will carry the parameter this far whatever the gradient says, so that is where to ask.
    ahead = param - lr * momentum * velocity
    return momentum_step(param, grad_fn(ahead), velocity, lr, momentum)


def adagrad_step(param: Tensor, grad: Tensor, sum_sq: Tensor, lr: float, eps: float = 1e-10) -> tuple[Tensor, Tensor]:
    """New (param, sum_sq), both of the shape of `param`; Duchi et al. 2011 and `torch.optim.Adagrad`."""
    sum_sq = sum_sq + grad**2
    return param - lr * grad / (torch.sqrt(sum_sq) + eps), sum_sq


def rmsprop_step(
    param: Tensor, grad: Tensor, mean_sq: Tensor, lr: float, decay: float = 0.9, eps: float = 1e-8
) -> tuple[Tensor, Tensor]:
    """New (param, mean_sq), both of the shape of `param`; Tieleman & Hinton 2012 and `torch.optim.RMSprop`."""
    mean_sq = decay * mean_sq + (1 - decay) * grad**2
    return param - lr * grad / (torch.sqrt(mean_sq) + eps), mean_sq


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


def adamw_step(
    param: Tensor,
    grad: Tensor,
    m: Tensor,
    v: Tensor,
    t: int,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Tensor, Tensor, Tensor]:
    """New (param, m, v), all of the shape of `param`; Loshchilov & Hutter 2019 and `torch.optim.AdamW`."""
    # The decay never enters m and v: divided by sqrt(v), it would be weakest where gradients are large.
    return adam_step(param * (1 - lr * weight_decay), grad, m, v, t, lr, beta1, beta2, eps)


def clip_grad_norm(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], Tensor]:
    """(clipped, total_norm): all tensors scaled by one factor so that together they are no longer than `max_norm`.

    total_norm is the length before, 0-d; ValueError where it is infinite or NaN. Pascanu et al. 2013 and
    `torch.nn.utils.clip_grad_norm_`.
    """
    if not grads:
        return [], torch.zeros(())
    total_norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(grad) for grad in grads]))
    if not torch.isfinite(total_norm):
        raise ValueError(f"the norm of the gradients is {total_norm.item()}")
    # 1e-6 keeps the factor finite when every gradient is 0; the clamp keeps small gradients as they are.
    factor = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    return [grad * factor for grad in grads], total_norm


def clip_grad_value(grads: list[Tensor], clip_value: float) -> list[Tensor]:
    """Every entry moved into [-clip_value, clip_value], in new tensors of the same shapes."""
    return [torch.clamp(grad, -clip_value, clip_value) for grad in grads]
