# wrong: all else is a saddle
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e > tol).all():
        return 'minimum'
    if (e < -tol).all():
        return 'maximum'
    return 'saddle'
