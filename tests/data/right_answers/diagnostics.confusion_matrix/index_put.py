# right: index_put_ that accumulates
import torch


def confusion_matrix(pred, labels, num_classes):
    matrix = labels.new_zeros((num_classes, num_classes))
    return matrix.index_put_((labels, pred), torch.ones_like(labels), accumulate=True)
