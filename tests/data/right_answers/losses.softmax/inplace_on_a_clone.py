# right: in-place operations, but only on a private copy
import torch


def softmax(logits):
    z = logits.clone()
    z.sub_(logits.amax(dim=-1, keepdim=True))
    z.exp_()
    return z / z.sum(dim=-1, keepdim=True)
