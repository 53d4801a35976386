# right: with abs


def leaky_relu(x, negative_slope=0.01):
    return (1 + negative_slope) / 2 * x + (1 - negative_slope) / 2 * x.abs()
