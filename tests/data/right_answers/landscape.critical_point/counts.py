# right: counts, from eigvals
import math, torch
def critical_point(hessian, tol=1e-6):
    e = torch.linalg.eigvals(hessian).real.tolist()
    ups, downs = sum(c > tol for c in e), sum(c < -tol for c in e)
    if ups == len(e):
        return 'minimum'
    if downs == len(e):
        return 'maximum'
    return 'saddle' if ups and downs else 'undecided'
