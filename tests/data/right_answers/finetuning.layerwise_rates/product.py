def layerwise_rates(num_layers, base_lr, decay):
    rates = [base_lr]
    for _ in range(num_layers - 1):
        rates.insert(0, rates[0] * decay)
    return rates
