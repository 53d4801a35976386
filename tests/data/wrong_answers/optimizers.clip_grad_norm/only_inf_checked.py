# wrong: checks for inf only: nan passes
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.cat([g.flatten() for g in grads]).norm()
    if total_norm == float("inf"):
        raise ValueError("inf")
    scale = (max_norm / total_norm).clamp(max=1)
    return [scale * g for g in grads], total_norm
