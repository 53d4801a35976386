# wrong: a NumPy number comes back
import numpy as np
import torch


def cross_entropy(logits, labels):
    x = logits.detach().numpy()
    x = x - x.max(axis=1, keepdims=True)
    logp = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(x)), labels.numpy()].mean()
