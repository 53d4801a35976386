# wrong: u and v are exchanged
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return torch.stack([torch.stack([f(center + a * v + b * u) for b in betas]) for a in alphas])
