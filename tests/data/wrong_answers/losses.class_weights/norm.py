# wrong: sums to one
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels, minlength=num_classes).float()
    w = torch.where(k > 0, 1 / k, torch.zeros_like(k))
    return w / w.sum()
