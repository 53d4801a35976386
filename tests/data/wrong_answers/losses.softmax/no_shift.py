# wrong: no maximum subtracted, overflows
import torch


def softmax(logits):
    e = torch.exp(logits)
    return e / e.sum(dim=-1, keepdim=True)
