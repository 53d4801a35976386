# wrong: one softmax over the whole matrix
import torch


def cross_entropy(logits, labels):
    z = logits - logits.max()
    logp = z - z.exp().sum().log()
    return -logp[torch.arange(len(labels)), labels].mean()
