# wrong: zip
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return torch.stack([f(center + a * u + b * v) for a, b in zip(alphas, betas)])
