# wrong: minimum and maximum exchanged
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e > tol).all():
        return 'maximum'
    if (e < -tol).all():
        return 'minimum'
    return 'saddle' if (e > tol).any() and (e < -tol).any() else 'undecided'
