# wrong: the flag is a tensor
import torch


def unscale(grads, scale):
    return [g / scale for g in grads], torch.stack([(~g.isfinite()).any() for g in grads]).any()
