# right: epoch difference
import torch


def early_stopping(val_losses, patience, min_delta=0.0):
    best_epoch = 0
    for i in range(len(val_losses)):
        if val_losses[best_epoch] - val_losses[i] > min_delta:
            best_epoch = i
        elif i - best_epoch >= patience:
            return (i, best_epoch)
    return (None, best_epoch)
