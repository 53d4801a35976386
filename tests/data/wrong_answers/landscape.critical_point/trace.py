# wrong: the trace
import math, torch
def critical_point(hessian, tol=1e-6):
    t = torch.trace(hessian)
    e = torch.linalg.eigvalsh(hessian)
    if (e > tol).any() and (e < -tol).any():
        return 'saddle'
    return 'minimum' if t > tol else 'maximum' if t < -tol else 'undecided'
