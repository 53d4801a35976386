# right: helpers for norm and scale
import torch


def _global_norm(tensors):
    acc = 0
    for t in tensors:
        acc = acc + torch.einsum("i,i->", t.reshape(-1), t.reshape(-1))
    return torch.sqrt(acc)


def _scale(norm, limit):
    if norm > limit:
        return limit / norm
    return 1.0


def clip_grad_norm(grads, max_norm):
    norm = _global_norm(grads)
    if not torch.isfinite(norm):
        raise ValueError("norm must be finite")
    s = _scale(norm, max_norm)
    return [t * s for t in grads], norm
