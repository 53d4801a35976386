# right: log1p of the others' sum
import torch


def log_softmax(logits):
    m, i = logits.max(-1, keepdim=True)
    z = logits - m
    rest = z.exp().scatter(-1, i, 0.0).sum(-1, keepdim=True)
    return z - torch.log1p(rest)
