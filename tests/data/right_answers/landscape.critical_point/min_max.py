# right: the smallest and the largest
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    low, high = e.min().item(), e.max().item()
    if low > tol:
        return 'minimum'
    if high < -tol:
        return 'maximum'
    if high > tol and low < -tol:
        return 'saddle'
    return 'undecided'
