# right: column by column
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    columns = [torch.stack([f(center + b * v + a * u) for a in alphas]) for b in betas]
    return torch.stack(columns, dim=1)
