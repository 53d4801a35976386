# wrong: the trace
import math, torch
def largest_stable_rate(hessian):
    t = torch.trace(hessian).item()
    return 2 / t if t > 0 else math.inf
