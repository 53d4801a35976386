# wrong: float32 whatever comes in
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return torch.tensor([[float(f(center + a * u + b * v)) for b in betas] for a in alphas])
