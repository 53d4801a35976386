# right: the full Jacobian per feature
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    n, d = x.shape
    mu = x.mean(0)
    std = torch.sqrt(((x - mu) ** 2).mean(0) + eps)
    xh = (x - mu) / std
    gx = torch.zeros_like(x)
    eye = torch.eye(n, dtype=x.dtype, device=x.device)
    for j in range(d):
        J = (eye - 1.0 / n - torch.outer(xh[:, j], xh[:, j]) / n) / std[j]
        gx[:, j] = J.T @ (grad_out[:, j] * gamma[j])
    return gx, torch.einsum("nd,nd->d", grad_out, xh), torch.ones(n, dtype=x.dtype, device=x.device) @ grad_out
