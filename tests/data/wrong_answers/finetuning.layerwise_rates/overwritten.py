# wrong: decay applied to base_lr, not to the last rate
def layerwise_rates(num_layers, base_lr, decay):
    rates = [base_lr]
    for _ in range(num_layers - 1):
        rates.append(base_lr * decay)
    return rates[::-1]
