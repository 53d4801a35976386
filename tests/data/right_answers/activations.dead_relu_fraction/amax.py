# right: largest value is 0


def dead_relu_fraction(activations):
    dead = activations.amax(dim=0) == 0
    return dead.sum().item() / activations.shape[1]
