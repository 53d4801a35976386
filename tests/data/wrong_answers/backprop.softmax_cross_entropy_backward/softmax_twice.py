# wrong: applies the softmax to the probabilities again
import torch


def softmax(z):
    e = torch.exp(z - z.amax(1, keepdim=True))
    return e / e.sum(1, keepdim=True)


def softmax_cross_entropy_backward(logits, labels):
    N, C = logits.shape
    p = softmax(softmax(logits))
    y = torch.zeros_like(logits).scatter(1, labels[:, None], 1.0)
    return (p - y) / N
