# wrong: weights on the logits
import torch


def weighted_cross_entropy(logits, labels, weight):
    z = logits * weight
    lp = z - torch.logsumexp(z, dim=1, keepdim=True)
    return -lp[torch.arange(len(labels)), labels].mean()
