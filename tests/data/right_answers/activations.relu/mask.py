# right: times a comparison


def relu(x):
    return x * (x > 0)
