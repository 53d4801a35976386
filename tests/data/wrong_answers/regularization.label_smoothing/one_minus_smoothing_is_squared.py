# wrong: one minus smoothing is squared
import torch


def label_smoothing(labels, num_classes, smoothing):
    h = torch.nn.functional.one_hot(labels, num_classes).float()
    return h * (1 - smoothing) ** 2 + smoothing / num_classes
