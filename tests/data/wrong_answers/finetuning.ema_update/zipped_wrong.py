# wrong: averages and weights pair up in reverse
def ema_update(averages, weights, decay):
    return [decay * a + (1 - decay) * w for w, a in zip(averages, weights)]
