# wrong: no limit is 0
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.eigvalsh(hessian).max().item()
    return 2 / top if top > 0 else 0.0
