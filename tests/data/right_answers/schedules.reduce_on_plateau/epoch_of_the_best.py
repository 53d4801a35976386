# right: remembers an epoch, not a count
def reduce_on_plateau(val_losses, base_lr, factor=0.1, patience=2):
    rates, cuts, since = [], 0, 0
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss < min(val_losses[:epoch]):
            since = epoch
        elif epoch - since > patience:
            cuts, since = cuts + 1, epoch
        rates.append(base_lr * factor**cuts)
    return tuple(rates)
