# wrong: built from Python numbers
import torch


def linear(x, weight, bias):
    rows = [[sum((a * b).item() for a, b in zip(r, w)) + c.item() for w, c in zip(weight, bias)] for r in x]
    return torch.tensor(rows, dtype=x.dtype)
