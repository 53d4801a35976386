# wrong: > 1


def relu_grad(x):
    return (x > 1).to(x.dtype)
