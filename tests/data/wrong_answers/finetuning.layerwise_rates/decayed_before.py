# wrong: decayed before it is put down
def layerwise_rates(num_layers, base_lr, decay):
    rates = []
    for _ in range(num_layers):
        base_lr = base_lr * decay
        rates.insert(0, base_lr)
    return rates
