# wrong: a tensor
import math, torch
def largest_stable_rate(hessian):
    top = torch.linalg.eigvalsh(hessian).max()
    return 2 / top if top > 0 else torch.tensor(math.inf)
