# wrong: smoothing goes to the neighbouring classes
import torch


def label_smoothing(labels, num_classes, smoothing):
    t = torch.eye(num_classes)[labels]
    return (1 - smoothing) * t + smoothing / 2 * (t.roll(1, 1) + t.roll(-1, 1))
