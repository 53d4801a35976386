# wrong: returns the gradient at the label only, zeros elsewhere
import torch


def softmax_cross_entropy_backward(logits, labels):
    N, C = logits.shape
    m, _ = logits.max(dim=-1, keepdim=True)
    p = torch.exp(logits - m)
    p = p / p.sum(dim=-1, keepdim=True)
    grad = torch.zeros_like(logits)
    i = torch.arange(N)
    grad[i, labels] = (p[i, labels] - 1) / N
    return grad
