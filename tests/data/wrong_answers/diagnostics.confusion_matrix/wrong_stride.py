# wrong: entries are numbered with one class too many
import torch


def confusion_matrix(pred, labels, num_classes):
    n = num_classes
    counts = torch.bincount(labels * (n + 1) + pred, minlength=n * n)
    return counts[: n * n].reshape(n, n)
