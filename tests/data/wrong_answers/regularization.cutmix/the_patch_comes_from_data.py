# wrong: the patch comes from .data
import torch


def cutmix(x, targets, box, permutation):
    t, l, h, w = box
    out = x.clone()
    out[:, :, t : t + h, l : l + w] = x.data[permutation, :, t : t + h, l : l + w]
    lam = 1 - h * w / (x.size(2) * x.size(3))
    return out, lam * targets + (1 - lam) * targets[permutation]
