# wrong: checks only the first gradient for non-finite values
import torch


def clip_grad_norm(grads, max_norm):
    if not torch.isfinite(grads[0]).all():
        raise ValueError("non-finite gradient")
    total_norm = torch.stack([t.norm() for t in grads]).norm()
    scale = torch.clamp_max(max_norm / total_norm, 1.0)
    return [g * scale for g in grads], total_norm
