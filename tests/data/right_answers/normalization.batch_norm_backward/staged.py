# right: cs231n computation graph, step by step
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    N = x.shape[0]
    mu = x.sum(0) / N
    xmu = x - mu
    sq = xmu**2
    var = sq.sum(0) / N
    sqrtvar = torch.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    dbeta = grad_out.sum(0)
    dgamma = (grad_out * xhat).sum(0)
    dxhat = grad_out * gamma
    divar = (dxhat * xmu).sum(0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -divar / sqrtvar**2
    dvar = 0.5 * dsqrtvar / sqrtvar
    dsq = torch.ones_like(x) * dvar / N
    dxmu = dxmu1 + 2 * xmu * dsq
    dmu = -dxmu.sum(0)
    return dxmu + dmu / N, dgamma, dbeta
