# wrong: loops with .item()
import math
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    out = torch.empty_like(rows)
    for i in range(len(rows)):
        m = rows[i].mean().item()
        v = rows[i].var(unbiased=False).item()
        out[i] = gamma * (rows[i] - m) / math.sqrt(v + eps) + beta
    return out.reshape(x.shape)
