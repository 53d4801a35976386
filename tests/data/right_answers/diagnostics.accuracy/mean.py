# right: a mean in float32
import math, torch


def accuracy(pred, labels):
    return (pred == labels).float().mean().item()
