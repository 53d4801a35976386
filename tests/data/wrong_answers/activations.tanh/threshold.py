# wrong: sign beyond 3
import torch


def tanh(x):
    e = torch.exp(2 * x.clamp(-3, 3))
    t = (e - 1) / (e + 1)
    return torch.where(x.abs() > 3, torch.sign(x), t)
