# right: in place, but only on the function's own tensor
import torch


def log_softmax(logits):
    out = logits - logits.amax(-1, keepdim=True)
    out -= out.exp().sum(-1, keepdim=True).log()
    return out
