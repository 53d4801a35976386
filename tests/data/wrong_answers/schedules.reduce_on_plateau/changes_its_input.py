# wrong: empties the list that it is given
def reduce_on_plateau(val_losses, base_lr, factor=0.1, patience=2):
    best, bad, lr, rates = float("inf"), 0, base_lr, []
    while val_losses:
        loss = val_losses.pop(0)
        bad = 0 if loss < best else bad + 1
        best = min(best, loss)
        if bad > patience:
            lr, bad = lr * factor, 0
        rates.append(lr)
    return rates
