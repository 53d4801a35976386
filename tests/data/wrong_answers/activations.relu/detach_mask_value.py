# wrong: tensor of numbers
import torch


def relu(x):
    return torch.tensor([max(v, 0.0) for v in x.reshape(-1).tolist()], dtype=x.dtype).reshape(x.shape)
