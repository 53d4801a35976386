# wrong: scales to norm 1 instead of max_norm
import math

import torch


def clip_grad_norm(grads, max_norm):
    total_norm = sum(torch.sum(t**2) for t in grads) ** 0.5
    if not math.isfinite(float(total_norm)):
        raise ValueError("non-finite")
    if total_norm > max_norm:
        return [g / total_norm for g in grads], total_norm
    return [g.clone() for g in grads], total_norm
