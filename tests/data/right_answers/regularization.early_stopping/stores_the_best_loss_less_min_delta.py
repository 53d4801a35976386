# right: stores the best loss less min_delta
import math

import torch


def early_stopping(val_losses, patience, min_delta=0.0):
    best, best_epoch, bad = math.inf, 0, 0
    for i, v in enumerate(val_losses):
        if v < best:
            best, best_epoch, bad = v - min_delta, i, 0
        else:
            bad += 1
            if bad >= patience:
                return i, best_epoch
    return None, best_epoch
