# wrong: / N


def dead_relu_fraction(activations):
    return (activations == 0).all(dim=0).sum().item() / len(activations)
