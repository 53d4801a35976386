# right: pulls out sqrt d
import math
import torch


def rms_norm(x, gamma, eps=1e-6):
    d = x.size(-1)
    return gamma * x * math.sqrt(d) / torch.sqrt((x * x).sum(-1, keepdim=True) + d * eps)
