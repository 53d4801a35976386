# right: log of the density
import math

import torch


def gelu_grad(x):
    log_pdf = -x * x / 2 - 0.5 * math.log(2 * math.pi)
    return 0.5 + 0.5 * torch.erf(x * 0.5**0.5) + x * log_pdf.exp()
