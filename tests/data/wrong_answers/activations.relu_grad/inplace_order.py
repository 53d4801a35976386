# wrong: in the wrong order


def relu_grad(x):
    y = x.clone()
    y[y <= 0] = 1
    y[y > 0] = 0
    return y
