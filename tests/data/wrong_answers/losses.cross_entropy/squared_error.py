# wrong: squared error between probabilities and one-hot
import torch


def cross_entropy(logits, labels):
    p = torch.exp(logits - torch.logsumexp(logits, 1, keepdim=True))
    y = torch.zeros_like(p).scatter(1, labels[:, None], 1.0)
    return ((p - y) ** 2).sum(1).mean()
