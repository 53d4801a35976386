# right: divides by max(1, total / max_norm) and measures with einsum
import math

import torch


def clip_grad_norm(grads, max_norm):
    total = torch.sqrt(sum(torch.einsum("i,i->", g.flatten(), g.flatten()) for g in grads))
    if not math.isfinite(total):
        raise ValueError("non-finite gradient norm")
    return [g / torch.clamp(total / max_norm, min=1.0) for g in grads], total
