# right: scatter_add and nan_to_num
import torch


def class_weights(labels, num_classes):
    k = torch.zeros(num_classes, device=labels.device).scatter_add(
        0, labels, torch.ones(len(labels), device=labels.device)
    )
    return torch.nan_to_num(labels.numel() / num_classes / k, posinf=0.0)
