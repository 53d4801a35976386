# wrong: the last layer first
def layerwise_rates(num_layers, base_lr, decay):
    return [base_lr * decay**i for i in range(num_layers)]
