# right: recursion
import torch


def early_stopping(val_losses, patience, min_delta=0.0):
    def go(i, best_i):
        if i == len(val_losses):
            return None, best_i
        if val_losses[i] < val_losses[best_i] - min_delta:
            return go(i + 1, i)
        if i - best_i >= patience:
            return i, best_i
        return go(i + 1, best_i)

    return go(1, 0)
