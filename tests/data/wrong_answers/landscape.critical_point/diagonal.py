# wrong: the diagonal
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.diagonal(hessian)
    if (e > tol).all():
        return 'minimum'
    if (e < -tol).all():
        return 'maximum'
    return 'saddle' if (e > tol).any() and (e < -tol).any() else 'undecided'
