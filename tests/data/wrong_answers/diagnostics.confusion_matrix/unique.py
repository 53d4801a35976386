# wrong: the number of classes is taken from the labels
import torch


def confusion_matrix(pred, labels, num_classes):
    n = len(labels.unique())
    m = torch.zeros(n, n, dtype=torch.int64)
    for t, p in zip(labels, pred):
        if t < n and p < n:
            m[t, p] += 1
    return m
