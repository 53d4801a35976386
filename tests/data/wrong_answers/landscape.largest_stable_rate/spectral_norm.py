# wrong: the spectral norm
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.matrix_norm(hessian, 2).item()
    return 2 / top if top > 0 else math.inf
