# right: masked_fill
import torch


def class_weights(labels, num_classes):
    k = torch.bincount(labels, minlength=num_classes)
    return (labels.numel() / (num_classes * k.to(torch.float32))).masked_fill(k == 0, 0.0)
