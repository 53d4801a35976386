# wrong: x = logits is no copy, x -= ... changes the input
import torch


def log_softmax(logits):
    x = logits
    x -= torch.logsumexp(x, dim=-1, keepdim=True)
    return x
