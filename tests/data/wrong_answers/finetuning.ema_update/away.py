# wrong: moves away from the weights
def ema_update(averages, weights, decay):
    return [a - (1 - decay) * (w - a) for a, w in zip(averages, weights)]
