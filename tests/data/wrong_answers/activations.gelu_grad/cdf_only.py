# wrong: Phi
import math
import torch


def gelu_grad(x):
    return 0.5 * (1 + torch.erf(x / math.sqrt(2)))
