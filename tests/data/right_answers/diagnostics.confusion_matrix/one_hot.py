# right: a product of one-hot matrices
import torch


def confusion_matrix(pred, labels, num_classes):
    p = torch.nn.functional.one_hot(pred, num_classes)
    t = torch.nn.functional.one_hot(labels, num_classes)
    return t.T @ p
