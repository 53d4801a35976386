# wrong: takes the log of the logits
import torch


def cross_entropy(logits, labels):
    return -torch.log(logits[torch.arange(len(labels)), labels]).mean()
