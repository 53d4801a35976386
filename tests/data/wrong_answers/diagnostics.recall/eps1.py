# wrong: smoothed by one on both sides of the fraction bar
import math, torch


def recall(pred, labels, positive=1):
    tp = ((pred == positive) & (labels == positive)).sum().item()
    return (tp + 1) / ((labels == positive).sum().item() + 1)
