# right: torch.std_mean with hypot of eps
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    std, mean = torch.std_mean(x, 0, correction=0)
    y = beta + gamma * (x - mean) / torch.hypot(std, torch.tensor(eps, dtype=x.dtype).sqrt())
    return (y, running_mean - momentum * (running_mean - mean), running_var - momentum * (running_var - x.var(0)))
