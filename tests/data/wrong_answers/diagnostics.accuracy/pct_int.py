# wrong: a whole percentage
import math, torch


def accuracy(pred, labels):
    return round(100 * (pred == labels).float().mean().item())
