# wrong: updates the caller's buffers
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m, v = x.mean(0), x.var(0, unbiased=False)
    y = gamma * (x - m) / torch.sqrt(v + eps) + beta
    with torch.no_grad():
        running_mean.mul_(1 - momentum).add_(momentum * m)
        running_var.mul_(1 - momentum).add_(momentum * x.var(0))
    return y, running_mean, running_var
