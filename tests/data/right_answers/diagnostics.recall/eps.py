# right: 1e-8 below the fraction bar
import math, torch


def recall(pred, labels, positive=1):
    tp = ((pred == positive) & (labels == positive)).float().sum()
    return (tp / ((labels == positive).float().sum() + 1e-8)).item()
