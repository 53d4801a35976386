# wrong: bool


def relu_grad(x):
    return x > 0
