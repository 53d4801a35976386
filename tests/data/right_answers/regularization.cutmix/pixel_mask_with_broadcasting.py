# right: pixel mask with broadcasting
import torch


def cutmix(x, targets, box, permutation):
    top, left, h, w = box
    rows = torch.zeros(x.shape[2], dtype=x.dtype, device=x.device)
    cols = torch.zeros(x.shape[3], dtype=x.dtype, device=x.device)
    rows[top : top + h] = 1
    cols[left : left + w] = 1
    m = torch.outer(rows, cols)
    lam = 1 - float(m.sum()) / m.numel()
    return torch.lerp(x, x[permutation], m), lam * targets + (1 - lam) * targets[permutation]
