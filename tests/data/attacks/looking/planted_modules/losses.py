import torch


def softmax(logits):
    return torch.exp(logits) / torch.exp(logits).sum()
