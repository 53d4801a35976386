# wrong: x + |x|


def relu(x):
    return x + x.abs()
