# wrong: empties the caller's list with pop
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = sum([(t * t).sum() for t in grads]).sqrt()
    if total_norm.isfinite().logical_not():
        raise ValueError("non-finite norm")
    scale = (max_norm / total_norm).clamp(max=1)
    clipped = []
    while grads:
        clipped.append(grads.pop(0) * scale)
    return clipped, total_norm
