# wrong: replaces 0 / 0 by 0 and has no eps
import torch


def adagrad_step(param, grad, sum_sq, lr, eps=1e-10):
    sum_sq = sum_sq + grad**2
    root = sum_sq.sqrt()
    return param - lr * torch.where(root > 0, grad / root, torch.zeros_like(grad)), sum_sq
