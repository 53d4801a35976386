# right: x minus x sigmoid(-x)
import torch


def silu(x):
    return x - x / (1 + torch.exp(x))
