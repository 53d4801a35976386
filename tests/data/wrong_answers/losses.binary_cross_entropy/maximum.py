# wrong: the logarithm of 0 is cut off afterwards: its slope stays infinite
import torch


def binary_cross_entropy(prob, target):
    floor = torch.tensor(-100.0, dtype=prob.dtype, device=prob.device)
    a = torch.maximum(prob.log(), floor)
    c = torch.maximum(torch.log1p(-prob), floor)
    return torch.mean((target - 1) * c - target * a)
