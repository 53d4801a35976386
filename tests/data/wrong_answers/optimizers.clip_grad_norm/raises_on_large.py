# wrong: raises for large but finite norms
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.sqrt(sum((g**2).sum() for g in grads))
    if not total_norm < 1e4:
        raise ValueError("gradient explosion")
    scale = torch.minimum(max_norm / (total_norm + 1e-6), torch.ones_like(total_norm))
    return [torch.mul(g, scale) for g in grads], total_norm
