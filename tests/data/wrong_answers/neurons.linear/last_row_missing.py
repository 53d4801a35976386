# wrong: loop leaves off the last row
import torch


def linear(x, weight, bias):
    out = torch.zeros(x.shape[0], weight.shape[0], dtype=x.dtype, device=x.device)
    for n in range(x.shape[0] - 1):
        out[n] = weight @ x[n] + bias
    return out
