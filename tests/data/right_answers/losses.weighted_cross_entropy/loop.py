# right: sample by sample
import torch


def weighted_cross_entropy(logits, labels, weight):
    num, den = 0.0, 0.0
    for row, y in zip(logits, labels):
        num = num + weight[y] * (torch.logsumexp(row, 0) - row[y])
        den = den + weight[y]
    return num / den
