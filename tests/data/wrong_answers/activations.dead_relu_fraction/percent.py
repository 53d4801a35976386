# wrong: percent


def dead_relu_fraction(activations):
    return 100.0 * (activations == 0).all(0).float().mean().item()
