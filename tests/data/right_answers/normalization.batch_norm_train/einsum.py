# right: matrix form with a centring matrix and einsum
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    n = x.size(0)
    centring = torch.eye(n, dtype=x.dtype, device=x.device) - 1.0 / n
    xc = centring @ x
    ss = torch.einsum("nd,nd->d", xc, xc)
    y = torch.einsum("nd,d->nd", xc, gamma / torch.sqrt(ss / n + eps)) + beta
    with torch.no_grad():
        rm = running_mean * (1 - momentum) + x.mean(0) * momentum
        rv = running_var * (1 - momentum) + ss / (n - 1) * momentum
    return y, rm, rv
