# right: flat indices with take
import torch


def cross_entropy(logits, labels):
    n, c = logits.shape
    flat = torch.arange(n, device=logits.device) * c + labels
    return (torch.logsumexp(logits, dim=1).sum() - logits.take(flat).sum()) / n
