# wrong: 1 over the curvature
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.eigvalsh(hessian).max().item()
    return 1 / top if top > 0 else math.inf
