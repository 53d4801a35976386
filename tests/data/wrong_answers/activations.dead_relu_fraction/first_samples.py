# wrong: only the first 100 samples are looked at


def dead_relu_fraction(activations):
    return (activations[:100] == 0).all(0).double().mean().item()
