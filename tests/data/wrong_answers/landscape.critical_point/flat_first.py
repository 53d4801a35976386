# wrong: a flat direction decides before the saddle
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e.abs() <= tol).any():
        return 'undecided'
    if (e > 0).all():
        return 'minimum'
    return 'maximum' if (e < 0).all() else 'saddle'
