# wrong: classes seen
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels, minlength=num_classes).float()
    c = (k > 0).sum()
    return torch.where(k > 0, len(labels) / (c * k), torch.zeros_like(k))
