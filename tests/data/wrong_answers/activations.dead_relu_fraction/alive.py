# wrong: share alive


def dead_relu_fraction(activations):
    return (activations > 0).any(dim=0).float().mean().item()
