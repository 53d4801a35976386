# wrong: binary cross-entropy summed over the softmax classes
import torch


def cross_entropy(logits, labels):
    e = torch.exp(logits - logits.amax(1, keepdim=True))
    p = e / e.sum(1, keepdim=True)
    y = torch.zeros_like(p).scatter(1, labels[:, None], 1.0)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum(1).mean()
