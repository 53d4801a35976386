# wrong: one number too few
def ema_update(averages, weights, decay):
    new = []
    for a, w in zip(averages[:-1], weights[:-1]):
        new.append(decay * a + (1 - decay) * w)
    return new
