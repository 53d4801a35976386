# wrong: one class too far, wrapped around so that it does not crash
import torch


def cross_entropy(logits, labels):
    n, c = logits.shape
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    return -logp[torch.arange(n), (labels + 1) % c].mean()
