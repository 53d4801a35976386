# wrong: negative limits
import math, torch
def largest_stable_rate(hessian):
    return (2 / torch.linalg.eigvalsh(hessian).max()).item()
