# wrong: zeros_like(labels) keeps int64
import torch


def label_smoothing(labels, num_classes, smoothing):
    t = torch.zeros(len(labels), num_classes, dtype=labels.dtype)
    t[torch.arange(len(labels)), labels] = 1
    t = t * 1
    return (t * (1 - smoothing) + smoothing / num_classes).to(labels.dtype)
