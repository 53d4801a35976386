# wrong: takes 1 for tanh beyond 8, where float64 still tells them apart
import torch


def tanh(x):
    e = torch.exp(2 * x.clamp(-8, 8))
    return torch.where(x.abs() > 8, torch.sign(x), (e - 1) / (e + 1))
