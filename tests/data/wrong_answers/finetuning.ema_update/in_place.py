# wrong: writes into the averages
def ema_update(averages, weights, decay):
    for a, w in zip(averages, weights):
        a.mul_(decay).add_((1 - decay) * w)
    return averages
