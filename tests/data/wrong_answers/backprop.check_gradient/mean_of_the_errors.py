# wrong: the mean of the errors in place of the largest
import math
import torch
import torch.nn.functional as F
from torch import Tensor

def check_gradient(f, grad, x):
    if grad.shape != x.shape:
        return False
    num = torch.zeros_like(x)
    for i in range(x.numel()):
        e = torch.zeros_like(x).reshape(-1)
        e[i] = 1e-5
        e = e.reshape(x.shape)
        num.reshape(-1)[i] = (f(x + e) - f(x - e)) / 2e-5
    err = ((num - grad).abs() / (num.abs() + grad.abs()).clamp(min=1e-8)).mean()
    return bool(err <= 1e-5)
