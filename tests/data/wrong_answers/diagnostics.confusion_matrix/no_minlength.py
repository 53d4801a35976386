# wrong: bincount without minlength ends at the largest pair
import torch


def confusion_matrix(pred, labels, num_classes):
    counts = torch.bincount(labels * num_classes + pred)
    return counts.reshape(num_classes, num_classes)
