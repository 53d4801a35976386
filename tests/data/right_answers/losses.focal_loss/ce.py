# right: from the cross-entropy of each sample
import torch


def focal_loss(logits, labels, gamma=2.0):
    ce = torch.logsumexp(logits, 1) - logits[torch.arange(logits.shape[0]), labels]
    pt = torch.exp(-ce)
    return ((1 - pt) ** gamma * ce).mean()
