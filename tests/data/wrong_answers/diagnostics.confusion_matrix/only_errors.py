# wrong: skips right predictions
import torch


def confusion_matrix(pred, labels, num_classes):
    m = torch.zeros((num_classes, num_classes), dtype=torch.int64)
    for t, p in zip(labels, pred):
        if t != p:
            m[t, p] += 1
    return m
