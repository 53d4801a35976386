# wrong: x * (1 + erf(x) / sqrt 2) / 2
import math

import torch


def gelu(x):
    return x * (1 + torch.erf(x) / math.sqrt(2)) / 2
