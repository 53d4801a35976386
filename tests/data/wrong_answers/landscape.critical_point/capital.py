# wrong: other words
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e > tol).all():
        return 'Minimum'
    if (e < -tol).all():
        return 'Maximum'
    return 'Saddle' if (e > tol).any() and (e < -tol).any() else 'Undecided'
