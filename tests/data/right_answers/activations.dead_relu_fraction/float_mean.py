# right: all, float, mean


def dead_relu_fraction(activations):
    return (activations == 0).all(dim=0).float().mean().item()
