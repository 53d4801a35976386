# right: ndtr and a log density
import math
import torch


def gelu_grad(x):
    log_pdf = -x.square() / 2 - 0.5 * math.log(2 * math.pi)
    return torch.special.ndtr(x) + x * log_pdf.exp()
