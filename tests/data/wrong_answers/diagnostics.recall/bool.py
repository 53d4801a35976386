# wrong: takes classes for truth values
import math, torch


def recall(pred, labels, positive=1):
    tp = (pred & labels).sum().item()
    return tp / max(labels.sum().item(), 1)
