# right: the last dimension moved to the front
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    xt = x.movedim(-1, 0)
    mu = xt.mean(0)
    var = ((xt - mu) ** 2).mean(0)
    return ((xt - mu) / torch.sqrt(var + eps)).movedim(0, -1) * gamma + beta
