# right: counts patience down in a generator
import math


def _rates(losses, lr, factor, patience):
    left = patience
    best = math.inf
    for x in losses:
        if x < best:
            best, left = x, patience
        elif left == 0:
            lr, left = lr * factor, patience
        else:
            left -= 1
        yield lr


def reduce_on_plateau(val_losses, base_lr, factor=0.1, patience=2):
    return list(_rates(val_losses, base_lr, factor, patience))
