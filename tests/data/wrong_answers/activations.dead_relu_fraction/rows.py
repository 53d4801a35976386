# wrong: dim=1


def dead_relu_fraction(activations):
    return (activations == 0).all(dim=1).float().mean().item()
