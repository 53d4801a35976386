# wrong: gives the gradient with respect to the probabilities, -1/p at the label
import torch


def softmax_cross_entropy_backward(logits, labels):
    N = logits.shape[0]
    p = torch.stack([(row - row.max()).exp() / (row - row.max()).exp().sum() for row in logits])
    i = torch.arange(N)
    g = torch.zeros_like(p)
    g[i, labels] = -1.0 / p[i, labels]
    return g / N
