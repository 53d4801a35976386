# wrong: the root of the curvature
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.eigvalsh(hessian).max().item()
    return 2 / math.sqrt(top) if top > 0 else math.inf
