# wrong: a decay of its own
def ema_update(averages, weights, decay):
    decay = 0.999
    return [decay * a + (1 - decay) * w for a, w in zip(averages, weights)]
