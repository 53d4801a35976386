# wrong: N, C = logits.shape works for matrices only
import torch


def softmax(logits):
    N, C = logits.shape
    m = logits.max(dim=1).values.reshape(N, 1)
    e = torch.exp(logits - m)
    return e / e.sum(dim=1).reshape(N, 1)
