# wrong: a tensor of 64 bits
import torch


def training_flops(sizes, batch_size, steps):
    s = torch.tensor(sizes)
    return (6 * (s[:-1] * s[1:]).sum() * batch_size * torch.tensor(steps)).item()
