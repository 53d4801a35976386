# right: log ratio with masked_fill
import torch


def kl_divergence(p, q):
    zero = p == 0
    lr = p.masked_fill(zero, 1.0).log() - q.masked_fill(zero, 1.0).log()
    return (p * lr).sum(1).mean(0)
