# wrong: two slips, dim=1 hard-coded and the minimum for the shift
import torch


def softmax(logits):
    lowest = torch.min(logits, dim=1, keepdim=True).values
    e = torch.exp(logits - lowest)
    return e / torch.sum(e, dim=1, keepdim=True)
