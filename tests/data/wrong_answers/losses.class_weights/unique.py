# wrong: unique counts
import torch


def class_weights(labels, num_classes):
    _, k = labels.unique(return_counts=True)
    return len(labels) / (num_classes * k.float())
