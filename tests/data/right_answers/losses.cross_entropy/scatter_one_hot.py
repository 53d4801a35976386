# right: one-hot by scatter, matrix product's trace avoided by an elementwise product
import torch


def one_hot(labels, like):
    return torch.zeros_like(like).scatter(1, labels.reshape(-1, 1), 1.0)


def cross_entropy(logits, labels):
    hot = one_hot(labels, logits)
    correct = (logits * hot).sum(1)
    biggest = logits.amax(1)
    log_total = biggest + torch.log((logits - biggest.unsqueeze(1)).exp().sum(1))
    return (log_total - correct).sum() / labels.numel()
