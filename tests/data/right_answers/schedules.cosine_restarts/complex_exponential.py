# right: takes the real part of a complex exponential
import cmath
import math


def cosine_restarts(step: int, period: int, max_lr: float, min_lr: float = 0.0) -> float:
    z = cmath.exp(1j * math.pi * (step % period) / period)
    return min_lr + (max_lr - min_lr) * (1 + z.real) / 2
