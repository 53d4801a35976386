# right: the root of a quotient of sums of squares
import torch


def update_ratio(old, new):
    top, bottom = ((new - old) ** 2).sum(), (old**2).sum()
    if float(top) == 0.0:
        return 0.0
    return float(torch.sqrt(top / bottom))
