# right: subtracts the mean at the end
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    std = torch.sqrt(x.var(0, unbiased=False) + eps)
    h = (x - x.mean(0)) / std
    g = gamma * grad_out / std
    t = g - h * (g * h).mean(0)
    return t - t.mean(0), torch.sum(grad_out * h, dim=0), torch.sum(grad_out, dim=0)
