# right: a sum of outer products over the hidden units
import torch


def collapse_linear(w1, b1, w2, b2):
    weight = 0
    bias = b2
    for h in range(w1.shape[0]):
        weight = weight + torch.outer(w2[:, h], w1[h])
        bias = bias + w2[:, h] * b1[h]
    return weight, bias
