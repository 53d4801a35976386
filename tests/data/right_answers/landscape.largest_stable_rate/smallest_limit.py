# right: the smallest of all limits
import math, torch
def largest_stable_rate(hessian):
    return min([2 / c for c in torch.linalg.eigvalsh(hessian).tolist() if c > 0], default=math.inf)
