# right: posinf to zero
import torch


def class_weights(labels, num_classes):
    counts = torch.bincount(labels, minlength=num_classes)
    return torch.nan_to_num(labels.numel() / (num_classes * counts), posinf=0.0).float()
