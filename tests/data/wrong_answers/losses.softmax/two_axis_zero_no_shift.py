# wrong: two slips, no shift and the sum over the batch
import torch


def softmax(logits):
    return torch.exp(logits) / torch.exp(logits).sum(0)
