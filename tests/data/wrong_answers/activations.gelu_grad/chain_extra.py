# wrong: second term also divided by sqrt 2
import math

import torch


def gelu_grad(x):
    pdf = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return 0.5 * (1 + torch.erf(x / math.sqrt(2))) + x * pdf / math.sqrt(2)
