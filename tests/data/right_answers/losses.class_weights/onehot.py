# right: one-hot counts
import torch


def class_weights(labels, num_classes):
    hot = labels.unsqueeze(1) == torch.arange(num_classes, device=labels.device)
    k = hot.sum(0)
    w = torch.where(k > 0, len(labels) / (num_classes * k.clamp(min=1)), torch.zeros(()))
    return w.float()
