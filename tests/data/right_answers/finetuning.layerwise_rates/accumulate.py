from itertools import accumulate


def layerwise_rates(num_layers, base_lr, decay):
    return list(accumulate(range(num_layers - 1), lambda lr, _: lr * decay, initial=float(base_lr)))[::-1]
