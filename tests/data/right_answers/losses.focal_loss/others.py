# right: 1-p as the sum of the other probabilities
import torch


def focal_loss(logits, labels, gamma=2.0):
    logp = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    hit = torch.zeros_like(logits, dtype=torch.bool)
    hit[torch.arange(len(labels)), labels] = True
    others = logp.exp().masked_fill(hit, 0).sum(1)
    return (others**gamma * -logp[hit]).sum() / len(labels)
