# wrong: two slips: clipped tensor by tensor, norm as a float
import math

import torch


def clip_grad_norm(grads, max_norm):
    total = 0.0
    clipped = []
    for g in grads:
        n = float(g.norm())
        if not math.isfinite(n):
            raise ValueError("non-finite")
        total += n**2
        clipped.append(g * min(1.0, max_norm / (n + 1e-6)))
    return clipped, math.sqrt(total)
