# wrong: logp[:, labels] takes every row with every label
import torch


def cross_entropy(logits, labels):
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    return -logp[:, labels].mean()
