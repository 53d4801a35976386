# right: the last of the sorted eigenvalues
import math, torch
def largest_stable_rate(hessian):
    top = float(torch.linalg.eigvalsh(hessian)[-1])
    return 2.0 / top if top > 0 else float('inf')
