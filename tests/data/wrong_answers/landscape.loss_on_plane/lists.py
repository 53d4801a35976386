# wrong: lists of lists
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    return [[f(center + a * u + b * v) for b in betas] for a in alphas]
