# wrong: the smallest eigenvalue
import math, torch
def largest_stable_rate(hessian):
    low = torch.linalg.eigvalsh(hessian)[0].item()
    return 2 / low if low > 0 else math.inf
