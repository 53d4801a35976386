# wrong: a cut makes the loss of its epoch the best
def reduce_on_plateau(val_losses, base_lr, factor=0.1, patience=2):
    best, bad, lr, rates = float("inf"), 0, base_lr, []
    for loss in val_losses:
        if loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad, best = lr * factor, 0, loss
        rates.append(lr)
    return rates
