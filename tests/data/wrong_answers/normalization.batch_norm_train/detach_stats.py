# wrong: statistics without gradient
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    with torch.no_grad():
        m, v = x.mean(0), x.var(0, unbiased=False)
    y = gamma * (x - m) / torch.sqrt(v + eps) + beta
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * x.detach().var(0)
