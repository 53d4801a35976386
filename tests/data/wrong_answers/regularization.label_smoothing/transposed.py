# wrong: transposed
import torch


def label_smoothing(labels, num_classes, smoothing):
    h = torch.nn.functional.one_hot(labels, num_classes).float()
    return (h * (1 - smoothing) + smoothing / num_classes).T
