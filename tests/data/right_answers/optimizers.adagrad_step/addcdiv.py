# right: fused operations
import torch


def adagrad_step(param, grad, sum_sq, lr, eps=1e-10):
    sum_sq = torch.addcmul(sum_sq, grad, grad)
    return torch.addcdiv(param, grad, sum_sq.sqrt() + eps, value=-lr), sum_sq
