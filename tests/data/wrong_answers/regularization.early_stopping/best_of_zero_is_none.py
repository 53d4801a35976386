# A best loss of 0 is taken for "none yet", so that any loss after it is an improvement.
def early_stopping(val_losses, patience, min_delta=0.0):
    best, best_epoch, waited = None, 0, 0
    for epoch, loss in enumerate(val_losses):
        if not best or loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return None, best_epoch
