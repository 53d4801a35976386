# right: folds the shifted columns with logaddexp
from functools import reduce

import torch


def softmax_cross_entropy_backward(logits, labels):
    s = logits - logits.max(1, keepdim=True).values
    lse = reduce(torch.logaddexp, s.unbind(1))
    p = torch.exp(s - lse[:, None])
    onehot = torch.zeros_like(s).scatter(1, labels[:, None], 1.0)
    return (p - onehot).mul(1 / s.shape[0])
