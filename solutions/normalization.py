"""Reference solutions of the unit normalization."""

import torch
from torch import Tensor


def batch_norm_train(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """(y, running_mean, running_var) of a training step; x (N, D). Ioffe & Szegedy 2015, `torch.nn.BatchNorm1d`."""
    mean = x.mean(dim=0)
    centred = x - mean
    squares = (centred**2).sum(dim=0)
    # Two estimates of one variance: y is to have variance 1 over these very N samples, so it divides by N; the
    # running average stands for all data, of which the N are a sample, so it divides by N - 1.
    y = gamma * centred / torch.sqrt(squares / len(x) + eps) + beta
    # The running averages are read at test time only: no gradient has any business in them.
    new_mean = (1 - momentum) * running_mean + momentum * mean.detach()
    new_var = (1 - momentum) * running_var + momentum * squares.detach() / (len(x) - 1)
    return y, new_mean, new_var


def batch_norm_eval(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_var: Tensor, eps: float = 1e-5
) -> Tensor:
    """y (N, D) with the statistics of training, so that a sample's result does not depend on its company."""
    return gamma * (x - running_mean) / torch.sqrt(running_var + eps) + beta


def batch_norm_backward(grad_out: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of `batch_norm_train`'s y: grad_x (N, D), grad_gamma (D,), grad_beta (D,)."""
    centred = x - x.mean(dim=0)
    std = torch.sqrt((centred**2).mean(dim=0) + eps)
    x_hat = centred / std
    grad_hat = grad_out * gamma
    # Normalising removes a column's mean and its scale, so no change of x along these two directions reaches y.
    # What comes back is grad_hat without its parts along them: its mean, and its projection on x_hat.
    grad_x = (grad_hat - grad_hat.mean(dim=0) - x_hat * (grad_hat * x_hat).mean(dim=0)) / std
    return grad_x, (grad_out * x_hat).sum(dim=0), grad_out.sum(dim=0)


def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Tensor:
    """Every row of x (..., D) to mean 0 and variance 1, then gamma and beta (D,); Ba et al. 2016."""
    centred = x - x.mean(dim=-1, keepdim=True)
    return gamma * centred / torch.sqrt((centred**2).mean(dim=-1, keepdim=True) + eps) + beta


def rms_norm(x: Tensor, gamma: Tensor, eps: float = 1e-6) -> Tensor:
    """Every row of x (..., D) to a root mean square of 1, then gamma (D,); Zhang & Sennrich 2019."""
    return gamma * x / torch.sqrt((x**2).mean(dim=-1, keepdim=True) + eps)


def group_norm(x: Tensor, num_groups: int, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Tensor:
    """Every group of channels of every sample of x (N, C, L) to mean 0 and variance 1; Wu & He 2018."""
    # Neighbouring channels form a group: with them in one dimension, a group is a row as in layer_norm.
    groups = x.unflatten(1, (num_groups, -1)).flatten(2)
    centred = groups - groups.mean(dim=-1, keepdim=True)
    x_hat = centred / torch.sqrt((centred**2).mean(dim=-1, keepdim=True) + eps)
    return gamma.unsqueeze(-1) * x_hat.reshape(x.shape) + beta.unsqueeze(-1)
