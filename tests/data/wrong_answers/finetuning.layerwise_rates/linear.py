# wrong: a straight line
def layerwise_rates(num_layers, base_lr, decay):
    return [base_lr * max(0.0, 1 - (1 - decay) * (num_layers - 1 - i)) for i in range(num_layers)]
