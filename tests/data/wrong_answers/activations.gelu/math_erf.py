# wrong: math.erf
import math
import torch


def gelu(x):
    flat = x.reshape(-1).tolist()
    return torch.tensor([0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in flat], dtype=x.dtype).reshape(x.shape)
