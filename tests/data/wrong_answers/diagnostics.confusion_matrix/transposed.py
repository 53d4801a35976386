# wrong: rows are predictions
import torch


def confusion_matrix(pred, labels, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.long)
    for t, p in zip(labels.tolist(), pred.tolist()):
        matrix[p][t] += 1
    return matrix
