# wrong: b2 goes through the second layer as well
import torch


def collapse_linear(w1, b1, w2, b2):
    return w2 @ w1, w2 @ b1 + w2.sum(dim=1) * b2
