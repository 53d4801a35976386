# wrong: the shares are exchanged
def ema_update(averages, weights, decay):
    return [decay * w + (1 - decay) * a for a, w in zip(averages, weights)]
