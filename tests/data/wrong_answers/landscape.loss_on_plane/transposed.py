# wrong: rows are betas
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return torch.stack([torch.stack([f(center + a * u + b * v) for a in alphas]) for b in betas])
