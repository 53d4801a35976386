# wrong: float32 zeros
import torch


def relu(x):
    return torch.maximum(x.float(), torch.zeros(x.shape)).to(x.dtype)
