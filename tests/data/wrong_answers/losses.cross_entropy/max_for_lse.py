# wrong: the maximum stands in for the log-sum-exp
import torch


def cross_entropy(logits, labels):
    own = logits.gather(1, labels.reshape(-1, 1)).reshape(-1)
    return (logits.amax(1) - own).mean()
