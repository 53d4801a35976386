# wrong: divides by the sum of the whole matrix
import torch


def softmax_cross_entropy_backward(logits, labels):
    e = torch.exp(logits - logits.max())
    p = e / e.sum()
    p[torch.arange(len(labels)), labels] -= 1
    return p / len(labels)
