# right: roots of sums of squares
import math, torch
def normalize_filters(direction, weight):
    d, w = (direction ** 2).sum(1), (weight ** 2).sum(1)
    factor = torch.sqrt(w / torch.where(d == 0, torch.ones_like(d), d))
    return torch.einsum('oi,o->io', direction, factor).T
