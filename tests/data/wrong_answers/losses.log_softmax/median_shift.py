# wrong: shifts by the median of the row
import torch


def log_softmax(logits):
    z = logits - logits.median(dim=-1, keepdim=True).values
    return z - z.exp().sum(dim=-1, keepdim=True).log()
