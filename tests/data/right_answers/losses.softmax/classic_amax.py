# right: the textbook form, shifted by each row's own maximum
import torch


def softmax(logits):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    e = torch.exp(shifted)
    return e / e.sum(dim=-1, keepdim=True)
