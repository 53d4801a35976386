# right: torch.linalg.eigh
import math, torch
def critical_point(hessian, tol=1e-6):
    values, _ = torch.linalg.eigh(hessian)
    signs = set((torch.sign(values) * (values.abs() > tol)).tolist())
    return {frozenset({1.0}): 'minimum', frozenset({-1.0}): 'maximum'}.get(frozenset(signs), 'saddle' if {1.0, -1.0} <= signs else 'undecided')
