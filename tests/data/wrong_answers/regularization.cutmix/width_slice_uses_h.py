# wrong: width slice uses h
import torch


def cutmix(x, targets, box, permutation):
    t, l, h, w = box
    out = x.clone()
    out[:, :, t : t + h, l : l + h] = x[permutation][:, :, t : t + h, l : l + h]
    a = h * h / (x.shape[2] * x.shape[3])
    return out, (1 - a) * targets + a * targets[permutation]
