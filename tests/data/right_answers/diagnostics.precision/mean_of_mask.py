# right: the mean of a mask, with 0.0 for an empty one
import torch


def precision(pred, labels, positive=1):
    alarms = labels[pred == positive]
    if alarms.numel() == 0:
        return 0.0
    return (alarms == positive).double().mean().item()
