# wrong: torch.tensor(total) of Python numbers, no gradient
import torch


def cross_entropy(logits, labels):
    total = 0.0
    for i in range(len(labels)):
        total += (torch.logsumexp(logits[i], 0) - logits[i, labels[i]]).item()
    return torch.tensor(total / len(labels), dtype=logits.dtype)
