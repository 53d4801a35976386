# wrong: a valley with a flat direction is a minimum
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e >= -tol).all() and (e > tol).any():
        return 'minimum'
    if (e <= tol).all() and (e < -tol).any():
        return 'maximum'
    return 'saddle' if (e > tol).any() and (e < -tol).any() else 'undecided'
