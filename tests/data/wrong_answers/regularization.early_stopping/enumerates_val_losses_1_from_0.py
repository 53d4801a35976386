# wrong: enumerates val_losses[1:] from 0
import torch


def early_stopping(val_losses, patience, min_delta=0.0):
    best, best_epoch, bad = val_losses[0], 0, 0
    for i, v in enumerate(val_losses[1:]):
        if v < best - min_delta:
            best, best_epoch, bad = v, i, 0
        else:
            bad += 1
            if bad >= patience:
                return i, best_epoch
    return None, best_epoch
