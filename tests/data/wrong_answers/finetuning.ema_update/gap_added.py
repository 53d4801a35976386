# wrong: moves by decay
def ema_update(averages, weights, decay):
    return [a + decay * (w - a) for a, w in zip(averages, weights)]
