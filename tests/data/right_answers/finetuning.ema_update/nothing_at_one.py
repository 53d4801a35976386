def ema_update(averages, weights, decay):
    if decay == 1:
        return averages
    new = []
    for i in range(len(weights)):
        new.append(averages[i].mul(decay).add(weights[i], alpha=1 - decay))
    return new
