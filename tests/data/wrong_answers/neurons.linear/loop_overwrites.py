# wrong: = for +=
import torch


def linear(x, weight, bias):
    out = torch.zeros(len(x), len(weight), dtype=x.dtype)
    for n in range(len(x)):
        for o in range(len(weight)):
            for d in range(x.shape[1]):
                out[n, o] = x[n, d] * weight[o, d] + bias[o]
    return out
