# wrong: shares of each row
import torch


def confusion_matrix(pred, labels, num_classes):
    m = torch.bincount(labels * num_classes + pred, minlength=num_classes**2).view(num_classes, num_classes)
    return m / m.sum(dim=1, keepdim=True).clamp(min=1)
