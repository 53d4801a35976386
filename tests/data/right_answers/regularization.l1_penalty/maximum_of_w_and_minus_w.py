# right: maximum of w and minus w, functools.reduce
from functools import reduce

import torch


def l1_penalty(weights, strength):
    return strength * reduce(torch.add, [torch.maximum(w, -w).sum() for w in weights])
