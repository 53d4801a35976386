# right: full Jacobian per column
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    n, d = x.shape
    eye = torch.eye(n, dtype=x.dtype, device=x.device)
    gx, gg = [], []
    for j in range(d):
        c = x[:, j] - x[:, j].mean()
        s = torch.sqrt((c * c).mean() + eps)
        h = c / s
        jac = (eye - 1 / n - torch.outer(h, h) / n) / s
        gx.append(jac @ (grad_out[:, j] * gamma[j]))
        gg.append((grad_out[:, j] * h).sum())
    return torch.stack(gx, 1), torch.stack(gg), grad_out.sum(0)
