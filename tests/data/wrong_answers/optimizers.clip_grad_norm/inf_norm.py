# wrong: the largest absolute entry for the norm
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.stack([g.abs().max() for g in grads]).max()
    if total_norm.isfinite().logical_not():
        raise ValueError("non-finite")
    scale = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    return list(map(lambda t: t * scale, grads)), total_norm
