# right: own softmax for p, log-softmax for the price
import torch


def focal_loss(logits, labels, gamma=2.0):
    z = logits - logits.amax(1, keepdim=True)
    e = z.exp()
    p = (e / e.sum(1, keepdim=True))[torch.arange(len(labels)), labels]
    ce = e.sum(1).log() - z[torch.arange(len(labels)), labels]
    return torch.mean((1 - p).pow(gamma) * ce)
