# right: one long row, then a shape
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    values = [f(center + a * u + b * v) for a in alphas for b in betas]
    return torch.stack(values).reshape(len(alphas), len(betas))
