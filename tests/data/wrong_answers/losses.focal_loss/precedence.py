# wrong: 1 - p ** gamma
import torch


def focal_loss(logits, labels, gamma=2.0):
    lp = (logits - torch.logsumexp(logits, 1, keepdim=True))[torch.arange(len(labels)), labels]
    p = lp.exp()
    return -((1 - p**gamma) * lp).mean()
