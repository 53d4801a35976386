# wrong: always scales to max_norm: small gradients are blown up
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.stack([t.pow(2).sum() for t in grads]).sum() ** 0.5
    if not bool(torch.isfinite(total_norm)):
        raise ValueError("non-finite")
    scale = max_norm / (total_norm + 1e-6)
    return [scale * g for g in grads], total_norm
