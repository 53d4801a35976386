# wrong: around zero
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return torch.stack([torch.stack([f(a * u + b * v) for b in betas]) for a in alphas])
