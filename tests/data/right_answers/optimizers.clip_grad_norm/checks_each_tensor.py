# right: checks each gradient for inf and nan before taking the norm
import torch


def clip_grad_norm(grads, max_norm):
    for i, g in enumerate(grads):
        if not torch.isfinite(g).all():
            raise ValueError(f"gradient {i} has inf or nan")
    total_norm = torch.cat([g.reshape(-1) for g in grads]).pow(2).sum().sqrt()
    if not torch.isfinite(total_norm):
        raise ValueError("norm overflowed")
    scale = torch.where(total_norm > max_norm, max_norm / total_norm, torch.ones_like(total_norm))
    return [g.mul(scale) for g in grads], total_norm
