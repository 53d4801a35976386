# right: a tensor that is filled
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    out = torch.zeros(len(alphas), len(betas), dtype=center.dtype, device=center.device)
    for i, a in enumerate(alphas):
        for j, b in enumerate(betas):
            out[i, j] = f(center + float(a) * u + float(b) * v)
    return out
