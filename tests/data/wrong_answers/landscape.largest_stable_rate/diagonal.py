# wrong: the diagonal
import math, torch
def largest_stable_rate(hessian):
    top = hessian.diagonal().max().item()
    return 2 / top if top > 0 else math.inf
