# wrong: the weight enters whole
def ema_update(averages, weights, decay):
    return [decay * a + w for a, w in zip(averages, weights)]
