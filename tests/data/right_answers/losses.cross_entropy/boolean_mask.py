# right: a boolean mask picks one entry a row
import torch


def cross_entropy(logits, labels):
    classes = torch.arange(logits.size(1), device=labels.device)
    mask = labels.unsqueeze(1) == classes
    shifted = logits - logits.amax(1, keepdim=True)
    logp = shifted - shifted.exp().sum(1, keepdim=True).log()
    return -logp[mask].mean()
