# wrong: treats each class by itself: sigmoid minus one-hot
import torch


def softmax_cross_entropy_backward(logits, labels):
    N, C = logits.shape
    e = torch.exp(-logits.abs())
    s = torch.where(logits >= 0, 1 / (1 + e), e / (1 + e))
    y = torch.eye(C, dtype=logits.dtype)[labels]
    return (s - y) / N
