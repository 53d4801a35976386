# right: torch.softmax is a building block in this unit
import torch
import torch.nn.functional as F


def softmax_cross_entropy_backward(logits, labels):
    return (torch.softmax(logits, 1) - F.one_hot(labels, logits.shape[1])) / len(labels)
