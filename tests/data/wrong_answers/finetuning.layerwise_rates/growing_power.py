# wrong: the square of the distance
def layerwise_rates(num_layers, base_lr, decay):
    lr, rates = base_lr, [base_lr]
    for k in range(1, num_layers):
        lr *= decay**k
        rates.insert(0, lr)
    return rates
