# wrong: entropy of the prediction, the labels are not used
import torch


def cross_entropy(logits, labels):
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    return -(logp.exp() * logp).sum(1).mean()
