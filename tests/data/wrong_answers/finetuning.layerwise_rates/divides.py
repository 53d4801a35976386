# wrong: starts from the first layer with base_lr and divides
def layerwise_rates(num_layers, base_lr, decay):
    lr = base_lr
    rates = []
    for _ in range(num_layers):
        rates.append(lr)
        lr = lr / decay if decay else 0.0
    return rates
