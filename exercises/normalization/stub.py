"""Normalization: keeping numbers in range. Fill in the functions and run `pytest exercises/normalization`.

Results keep the dtype and device of the inputs; inputs are never modified and nothing is printed. Build from
elementary operations (mean, var, sqrt, reshape): torch.nn.functional is there to compare with, and earns no
points. Autograd must reach through all functions but the backward one: no detach, no .item() on the way.
"""

import torch


def batch_norm_train(
    x: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    running_mean: torch.Tensor,
    running_var: torch.Tensor,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalize each feature over the batch, and update the running statistics.

        mean_d = (1/N) sum_n x[n, d]                var_d = (1/N) sum_n (x[n, d] - mean_d)^2
        y[n, d] = gamma_d (x[n, d] - mean_d) / sqrt(var_d + eps) + beta_d

        running_mean' = (1 - momentum) running_mean + momentum * mean
        running_var'  = (1 - momentum) running_var  + momentum * var * N / (N - 1)

    The variance that normalizes is the biased one, divided by N; the one that goes into the running average
    is the unbiased one, divided by N - 1. Both are torch's convention. eps stands inside the root, and not in
    the running variance.

    Args:
        x: float32 or float64, of shape (N, D), with N at least 2.
        gamma, beta: the learned scale and shift of each feature, of shape (D,).
        running_mean, running_var: the averages so far, of shape (D,). They are not modified: the new ones
            are returned.
        momentum: the weight of the new batch in the running averages.
        eps: a small number above 0, added to the variance before the root is taken.

    Returns:
        (y, running_mean, running_var), of shapes (N, D), (D,) and (D,). Gradients flow through y to x, gamma and
        beta; through the running averages none is asked for.

    Example:
        x = [[1.0], [3.0]] has the mean 2 and the biased variance 1, so with gamma = [2.0], beta = [0.5] and
        eps = 0, y = 2 [[-1], [1]] + 0.5 = [[-1.5], [2.5]]. The unbiased variance is 2: from running_mean = [0.0]
        and running_var = [1.0], momentum = 0.1 makes [0.2] and [1.1].

    See Ioffe & Szegedy 2015; torch.nn.BatchNorm1d.
    """
    raise NotImplementedError


def batch_norm_eval(
    x: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    running_mean: torch.Tensor,
    running_var: torch.Tensor,
    eps: float = 1e-5,
) -> torch.Tensor:
    """Normalize each feature with the running statistics, as after training.

        y[n, d] = gamma_d (x[n, d] - running_mean_d) / sqrt(running_var_d + eps) + beta_d

    Args:
        x: float32 or float64, of shape (N, D), with any N: also a single sample.
        gamma, beta, running_mean, running_var: of shape (D,). running_var is used as it is.
        eps: a small number above 0, added to the variance before the root is taken.

    Returns:
        y, of shape (N, D). A sample's row does not depend on the other rows.

    Example:
        x = [[3.0]], running_mean = [1.0], running_var = [4.0], gamma = [2.0], beta = [0.5] and eps = 0 give
        y = 2 (3 - 1) / sqrt(4) + 0.5 = [[2.5]].

    See torch.nn.BatchNorm1d in evaluation mode.
    """
    raise NotImplementedError


def batch_norm_backward(
    grad_out: torch.Tensor, x: torch.Tensor, gamma: torch.Tensor, eps: float = 1e-5
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Carry the gradient back through batch_norm_train's y, to (grad_x, grad_gamma, grad_beta).

    Of y = gamma x_hat + beta with x_hat = (x - mean) / sqrt(var + eps). The mean and the (biased) variance are
    those of the batch, so every x[n, d] moves the whole column d of x_hat: three ways lead back to it.

    Args:
        grad_out: the gradient of the loss with respect to y, of shape (N, D).
        x: the input of the forward pass, of shape (N, D), with N at least 2.
        gamma: of shape (D,).
        eps: a small number above 0, added to the variance before the root is taken.

    Returns:
        (grad_x, grad_gamma, grad_beta), of shapes (N, D), (D,) and (D,).

    Example:
        x = [[-1.0], [0.0], [1.0]], gamma = [1.0] and eps = 1/3 give mean 0, var + eps = 1 and x_hat = x. Then
        grad_out = [[3.0], [0.0], [0.0]] has grad_beta = [3], grad_gamma = [-3] and grad_x = [[1], [-1], [0]].
        If mean and variance were constants, grad_x would be grad_out itself.

    See Ioffe & Szegedy 2015, section 3.
    """
    raise NotImplementedError


def layer_norm(x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    """Normalize each sample over its own features, the last dimension.

        y = gamma (x - mean) / sqrt(var + eps) + beta

    with the mean and the biased variance (divided by D) of each row along the last dimension.

    Args:
        x: float32 or float64, of shape (..., D): any number of leading dimensions, also none.
        gamma, beta: of shape (D,).
        eps: a small number above 0, added to the variance before the root is taken.

    Returns:
        A tensor of the shape of x. A row's result does not depend on the other rows.

    Example:
        x = [1.0, 3.0] has the mean 2 and the variance 1. With gamma = [2, 2], beta = [0.5, 0] and eps = 0,
        y = [-1.5, 2.0].

    See Ba et al. 2016; torch.nn.functional.layer_norm.
    """
    raise NotImplementedError


def rms_norm(x: torch.Tensor, gamma: torch.Tensor, eps: float = 1e-6) -> torch.Tensor:
    """Divide each sample by the root mean square of its own features, the last dimension.

        y = gamma x / sqrt((1/D) sum_d x_d^2 + eps)

    There is no mean to subtract, and no beta.

    Args:
        x: float32 or float64, of shape (..., D): any number of leading dimensions, also none.
        gamma: of shape (D,).
        eps: a small number above 0, added to the mean square before the root is taken.

    Returns:
        A tensor of the shape of x.

    Example:
        x = [1.0, 7.0] has the mean square (1 + 49) / 2 = 25 and the root mean square 5. With gamma = [1, 2] and
        eps = 0, y = [0.2, 2.8].

    See Zhang & Sennrich 2019; torch.nn.functional.rms_norm.
    """
    raise NotImplementedError


def group_norm(
    x: torch.Tensor, num_groups: int, gamma: torch.Tensor, beta: torch.Tensor, eps: float = 1e-5
) -> torch.Tensor:
    """Normalize each sample over groups of its channels.

    The C channels are cut into num_groups groups of neighbours: with C = 4 and num_groups = 2, channels 0 and
    1 are one group, and 2 and 3 the other. A group of one sample has one mean and one biased variance, over
    its channels and all L positions:

        y[n, c, l] = gamma_c (x[n, c, l] - mean[n, g]) / sqrt(var[n, g] + eps) + beta_c     c in group g

    Args:
        x: float32 or float64, of shape (N, C, L).
        num_groups: divides C. One group is layer norm over channels and positions; C groups, one channel
            each, are instance norm.
        gamma, beta: one number for each channel, of shape (C,).
        eps: a small number above 0, added to the variance before the root is taken.

    Returns:
        A tensor of the shape of x.

    Example:
        x = [[[1.0], [3.0], [0.0], [4.0]]] has one sample, four channels and one position. With num_groups = 2
        the means are 2 and 2, the variances 1 and 4: with gamma = [1, 1, 1, 1], beta = [0, 0, 0, 0] and eps = 0,
        y = [[[-1], [1], [-1], [1]]].

    See Wu & He 2018; torch.nn.functional.group_norm.
    """
    raise NotImplementedError
