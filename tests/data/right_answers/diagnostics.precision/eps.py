# right: 1e-8 below the fraction bar, in float32
import torch


def precision(pred, labels, positive=1):
    tp = torch.sum((pred == positive) * (labels == positive)).float()
    fp = torch.sum((pred == positive) * (labels != positive)).float()
    return float(tp / (tp + fp + 1e-8))
