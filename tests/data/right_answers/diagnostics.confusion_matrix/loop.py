# right: one sample after the other
import torch


def confusion_matrix(pred, labels, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64, device=pred.device)
    for t, p in zip(labels, pred):
        matrix[t, p] += 1
    return matrix
