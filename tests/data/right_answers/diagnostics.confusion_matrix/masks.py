# right: a mask for each entry
import torch


def confusion_matrix(pred, labels, num_classes):
    classes = torch.arange(num_classes, device=pred.device)
    hit = (labels[:, None] == classes)[:, :, None] & (pred[:, None] == classes)[:, None, :]
    return hit.sum(dim=0)
