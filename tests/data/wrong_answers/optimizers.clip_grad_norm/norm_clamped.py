# wrong: returns min(norm, max_norm)
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.sqrt(torch.cat([t.flatten() for t in grads]).square().sum())
    if total_norm.isfinite().logical_not():
        raise ValueError("non-finite")
    scale = (max_norm / total_norm).clamp(max=1)
    return [g.mul(scale) for g in grads], total_norm.clamp(max=max_norm)
