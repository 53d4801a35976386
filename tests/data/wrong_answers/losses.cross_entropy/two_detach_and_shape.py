# wrong: two slips, the sum is detached and the result has shape (1,)
import torch


def cross_entropy(logits, labels):
    lse = torch.logsumexp(logits.detach(), 1, keepdim=True)
    own = logits.gather(1, labels[:, None])
    return (lse - own).mean(0)
