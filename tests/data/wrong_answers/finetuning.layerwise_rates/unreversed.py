# wrong: built from the last layer, and not turned round
def layerwise_rates(num_layers, base_lr, decay):
    rates, lr = [], base_lr
    for _ in range(num_layers):
        rates.append(lr)
        lr *= decay
    return rates
