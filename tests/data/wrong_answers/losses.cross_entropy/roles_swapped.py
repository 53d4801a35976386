# wrong: -sum p log y, prediction and target swapped
import torch


def cross_entropy(logits, labels):
    p = torch.exp(logits - torch.logsumexp(logits, 1, keepdim=True))
    y = torch.zeros_like(p).scatter(1, labels[:, None], 1.0)
    return -(p * torch.log(y + 1e-9)).sum(1).mean()
