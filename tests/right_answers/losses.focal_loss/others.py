# right: 1 - p as the sum of the other probabilities
import torch


def focal_loss(logits, labels, gamma=2.0):
    lp = logits - logits.logsumexp(1, keepdim=True)
    hot = torch.zeros_like(lp).scatter(1, labels.unsqueeze(1), 1.0)
    q = (lp.exp() * (1 - hot)).sum(1)
    return (q ** gamma * -(lp * hot).sum(1)).sum() / len(labels)
