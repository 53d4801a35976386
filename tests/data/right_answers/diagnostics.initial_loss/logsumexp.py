# right: log-sum-exp of zeros, in float32
import math, torch


def initial_loss(num_classes):
    z = torch.zeros(num_classes)
    return (torch.logsumexp(z, 0) - z[0]).item()
