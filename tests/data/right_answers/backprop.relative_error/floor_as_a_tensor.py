# the floor is a 0-d float32 tensor, 1e-8 to eight digits
import torch


def relative_error(a, b):
    return (torch.abs(a - b) / torch.maximum(torch.abs(a) + torch.abs(b), torch.tensor(1e-8))).max().item()
