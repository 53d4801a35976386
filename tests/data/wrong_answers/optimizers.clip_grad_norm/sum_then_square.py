# wrong: squares the sum of the entries instead of summing squares
import torch


def clip_grad_norm(grads, max_norm):
    total_norm = torch.sqrt(sum(g.sum() ** 2 for g in grads))
    if not bool(torch.isfinite(total_norm)):
        raise ValueError("non-finite")
    scale = (max_norm / total_norm).clamp(max=1)
    return [g.mul(scale) for g in grads], total_norm
