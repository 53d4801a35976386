# right: an exact fraction
from fractions import Fraction


def linear_scaling(base_lr, base_batch_size, batch_size):
    return float(Fraction(batch_size, base_batch_size)) * base_lr
