# wrong: transposes only if shapes do not fit
import torch


def linear(x, weight, bias):
    if x.shape[1] == weight.shape[0]:
        return x @ weight + bias
    return x @ weight.T + bias
