# A best loss of 0 is taken for "none yet", so that any loss after it is a new best.
def reduce_on_plateau(val_losses, base_lr, factor=0.1, patience=2):
    best, bad, lr, rates = None, 0, float(base_lr), []
    for loss in val_losses:
        if not best or loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad = lr * factor, 0
        rates.append(lr)
    return rates
