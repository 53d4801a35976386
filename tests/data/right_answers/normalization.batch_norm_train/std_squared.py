# right: std squared plus eps, clones updated in place
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    mu = x.mean(dim=0, keepdim=True)
    sigma2 = x.std(dim=0, keepdim=True, unbiased=False).pow(2)
    y = (x - mu).div(sigma2.add(eps).sqrt()).mul(gamma).add(beta)
    new_mean, new_var = running_mean.clone(), running_var.clone()
    new_mean.mul_(1 - momentum).add_(momentum * mu.detach().squeeze(0))
    new_var.mul_(1 - momentum).add_(momentum * x.detach().var(dim=0))
    return y, new_mean, new_var
