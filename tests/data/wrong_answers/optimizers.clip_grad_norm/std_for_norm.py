# wrong: uses the standard deviation of the entries as norm
import torch


def clip_grad_norm(grads, max_norm):
    flat = torch.cat([g.reshape(-1) for g in grads])
    total_norm = flat.std(unbiased=False) * flat.numel() ** 0.5
    if not torch.isfinite(total_norm):
        raise ValueError("non-finite")
    scale = torch.minimum(max_norm / (total_norm + 1e-6), torch.ones_like(total_norm))
    return [torch.mul(g, scale) for g in grads], total_norm
