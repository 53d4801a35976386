# wrong: with Adam's correction
def ema_update(averages, weights, decay):
    new = [decay * a + (1 - decay) * w for a, w in zip(averages, weights)]
    return [n / (1 - decay) if decay < 1 else n for n in new]
