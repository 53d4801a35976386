# wrong: cdf detached
import math
import torch


def gelu(x):
    with torch.no_grad():
        cdf = 0.5 * (1 + torch.erf(x / math.sqrt(2)))
    return x * cdf
