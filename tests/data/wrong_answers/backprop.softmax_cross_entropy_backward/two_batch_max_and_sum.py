# wrong: two slips: batch maximum, and the batch size taken from the wrong axis
import torch


def softmax_cross_entropy_backward(logits, labels):
    C, N = logits.shape
    e = torch.exp(logits - torch.max(logits))
    p = e / e.sum(-1, keepdim=True)
    p[torch.arange(len(labels)), labels] -= 1
    return p / N
