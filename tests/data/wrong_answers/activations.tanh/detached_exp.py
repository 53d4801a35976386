# wrong: no grad through exp
import torch


def tanh(x):
    with torch.no_grad():
        e = torch.exp(-2 * x.abs())
    return x.sign() * (1 - e) / (1 + e)
