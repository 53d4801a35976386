# wrong: no minlength
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels).float()
    return torch.where(k > 0, len(labels) / (num_classes * k), torch.zeros_like(k))
