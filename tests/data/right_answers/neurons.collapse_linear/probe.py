# right: send zeros and unit vectors through both layers
import torch


def collapse_linear(w1, b1, w2, b2):
    def both(x):
        return (x @ w1.T + b1) @ w2.T + b2

    d = w1.shape[1]
    bias = both(torch.zeros(1, d, dtype=w1.dtype, device=w1.device))[0]
    weight = (both(torch.eye(d, dtype=w1.dtype, device=w1.device)) - bias).T
    return weight, bias
