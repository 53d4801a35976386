# right: cat of three bands
import torch


def cutmix(x, targets, box, permutation):
    top, left, h, w = box
    p = x[permutation]
    middle = torch.cat(
        [x[:, :, top : top + h, :left], p[:, :, top : top + h, left : left + w], x[:, :, top : top + h, left + w :]], 3
    )
    out = torch.cat([x[:, :, :top], middle, x[:, :, top + h :]], 2)
    share = (h * w) / (x.shape[2] * x.shape[3])
    return out, targets * (1 - share) + targets[permutation] * share
