# wrong: always returns float64
import torch


def softmax_cross_entropy_backward(logits, labels):
    z = logits.double()
    e = torch.exp(z - z.amax(1, keepdim=True))
    p = e / e.sum(1, keepdim=True)
    rows = torch.arange(p.size(0))
    p[rows, labels] = p[rows, labels] - 1.0
    return p / len(p)
