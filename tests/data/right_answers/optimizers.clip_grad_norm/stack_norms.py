# right: norm of the stacked per-tensor norms, eps 1e-6, clamp(max=1)
import torch


def clip_grad_norm(grads, max_norm):
    norms = torch.stack([torch.linalg.vector_norm(g) for g in grads])
    total_norm = torch.linalg.vector_norm(norms)
    if not torch.isfinite(total_norm):
        raise ValueError(f"non-finite gradient norm: {total_norm}")
    scale = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    return [g * scale for g in grads], total_norm
