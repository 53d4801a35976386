# wrong: unique(return_counts): absent ones in the middle shift
import torch


def class_weights(labels, num_classes):
    _, c = labels.unique(return_counts=True)
    w = torch.zeros(num_classes, device=labels.device)
    w[: len(c)] = labels.numel() / (num_classes * c.float())
    return w
