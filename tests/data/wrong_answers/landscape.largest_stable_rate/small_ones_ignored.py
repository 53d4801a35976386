# wrong: curvatures below 0.001 are taken for flat
import math

import torch


def largest_stable_rate(hessian):
    curvatures = torch.linalg.eigvalsh(hessian)
    curvatures = curvatures[curvatures > 1e-3]
    return (2 / curvatures.max()).item() if len(curvatures) else math.inf
