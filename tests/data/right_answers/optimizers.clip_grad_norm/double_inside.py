# right: computes the norm in float64 and casts back
import torch


def clip_grad_norm(grads, max_norm):
    dtype = grads[0].dtype
    wide = [g.double() for g in grads]
    norm = torch.stack([(g * g).sum() for g in wide]).sum().sqrt()
    if not torch.isfinite(norm).item():
        raise ValueError("non-finite gradients")
    k = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    return [(g * k).to(dtype) for g in wide], norm.to(dtype)
