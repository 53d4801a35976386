# right: loop over flat
import torch


def mse_backward(pred, target):
    d = (pred - target).reshape(-1)
    out = torch.empty_like(d)
    for i in range(len(d)):
        out[i] = 2 * d[i] / len(d)
    return out.reshape(pred.shape)
