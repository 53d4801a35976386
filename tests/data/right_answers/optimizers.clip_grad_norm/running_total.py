# right: a running total in the gradients' dtype
import torch


def clip_grad_norm(grads, max_norm):
    sq = torch.zeros((), dtype=grads[0].dtype, device=grads[0].device)
    for g in grads:
        sq = sq + (g * g).sum()
    norm = sq.sqrt()
    if not bool(torch.isfinite(norm)):
        raise ValueError("exploded")
    clipped = []
    for g in grads:
        clipped.append(g * max_norm / norm if norm > max_norm else g + 0)
    return clipped, norm
