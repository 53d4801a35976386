# wrong: eps in the count
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels, minlength=num_classes).float()
    return len(labels) / (num_classes * (k + 1e-6))
