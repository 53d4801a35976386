# wrong: subtracts the one-hot from the log-probabilities
import torch


def softmax_cross_entropy_backward(logits, labels):
    N, C = logits.shape
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    y = torch.zeros_like(logits).scatter(1, labels[:, None], 1.0)
    return (logp - y) / N
