# wrong: a rate more than there are layers
def layerwise_rates(num_layers, base_lr, decay):
    return [base_lr * decay ** (num_layers - i) for i in range(num_layers + 1)]
