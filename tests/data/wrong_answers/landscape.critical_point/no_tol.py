# wrong: compared with 0
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvalsh(hessian)
    if (e > 0).all():
        return 'minimum'
    if (e < 0).all():
        return 'maximum'
    return 'saddle' if (e > 0).any() and (e < 0).any() else 'undecided'
