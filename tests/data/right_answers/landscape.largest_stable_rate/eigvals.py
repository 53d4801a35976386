# right: torch.linalg.eigvals
import math, torch
def largest_stable_rate(hessian):
    e = torch.linalg.eigvals(hessian).real
    e = e[e > 0]
    return math.inf if e.numel() == 0 else (2 / e.max()).item()
