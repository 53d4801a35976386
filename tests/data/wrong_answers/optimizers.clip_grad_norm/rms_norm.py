# wrong: mean of squares instead of the sum
import torch


def clip_grad_norm(grads, max_norm):
    flat = torch.cat([g.reshape(-1) for g in grads])
    total_norm = flat.pow(2).mean().sqrt()
    if total_norm.isfinite().logical_not():
        raise ValueError("non-finite")
    scale = torch.clamp_max(max_norm / total_norm, 1.0)
    return [scale * g for g in grads], total_norm
