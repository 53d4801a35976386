# wrong: looks at the best of the last epochs
import torch


def early_stopping(val_losses, patience, min_delta=0.0):
    best_epoch = 0
    for i in range(len(val_losses)):
        if val_losses[i] < val_losses[best_epoch]:
            best_epoch = i
        if i >= patience and min(val_losses[i - patience + 1 : i + 1]) >= val_losses[i - patience] - min_delta:
            return i, best_epoch
    return None, best_epoch
