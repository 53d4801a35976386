# wrong: takes pred for logits
import math, torch


def accuracy(pred, labels):
    return (pred.argmax() == labels).float().mean().item()
