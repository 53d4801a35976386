# wrong: integer division
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels, minlength=num_classes)
    return torch.where(k > 0, len(labels) // (num_classes * k.clamp(min=1)), torch.zeros_like(k)).float()
