# min_delta = 0 is taken for "not given", and 1e-4 put in its place.
def early_stopping(val_losses, patience, min_delta=0.0):
    delta = min_delta or 1e-4
    best, best_epoch, waited = val_losses[0], 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < best - delta:
            best, best_epoch, waited = val_losses[epoch], epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return None, best_epoch
