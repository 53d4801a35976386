# wrong: returns flattened gradients: shapes are lost
import torch


def clip_grad_norm(grads, max_norm):
    flats = [g.flatten() for g in grads]
    total_norm = torch.cat(flats).norm()
    if torch.isnan(total_norm) or torch.isinf(total_norm):
        raise ValueError("non-finite norm")
    scale = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    return [f * scale for f in flats], total_norm
