# wrong: stop epoch falsy: `stop or None`, best `or -1`
def early_stopping(val_losses, patience, min_delta=0.0):
    best, be, wait = None, None, 0
    for e, v in enumerate(val_losses):
        if not be or v < best - min_delta:
            best, be, wait = v, e, 0
        else:
            wait += 1
            if wait >= patience:
                return e, be
    return None, be
