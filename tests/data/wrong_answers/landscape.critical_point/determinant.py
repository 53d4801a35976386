# wrong: the determinant and the first entry
import math, torch
def critical_point(hessian, tol=1e-6):
    d = torch.linalg.det(hessian).item()
    if d < -tol:
        return 'saddle'
    if d > tol:
        return 'minimum' if hessian[0, 0] > 0 else 'maximum'
    return 'undecided'
