# wrong: small weights are taken for zero
import math


def update_ratio(old, new):
    change, before = (new - old).norm().item(), old.norm().item()
    return change / before if before > 1e-6 else (0.0 if change == 0 else math.inf)
