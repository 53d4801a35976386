# wrong: the largest in size
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.eigvalsh(hessian).abs().max().item()
    return 2 / top if top > 0 else math.inf
