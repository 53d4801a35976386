# right: float64 inside and cast back
import torch


def cross_entropy(logits, labels):
    x = logits.double()
    x = x - x.amax(dim=1, keepdim=True)
    per_sample = x.exp().sum(1).log() - x.gather(1, labels[:, None])[:, 0]
    return per_sample.mean().to(logits.dtype)
