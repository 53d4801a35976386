# wrong: no return statement
import torch


def cross_entropy(logits, labels):
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    loss = -logp[torch.arange(len(labels)), labels].mean()
