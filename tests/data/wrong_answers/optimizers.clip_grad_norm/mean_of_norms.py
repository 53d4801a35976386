# wrong: averages the norms of the tensors
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.stack([g.norm() for g in grads]).mean()
    if not bool(torch.isfinite(total_norm)):
        raise ValueError("non-finite")
    scale = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    return [torch.mul(g, scale) for g in grads], total_norm
