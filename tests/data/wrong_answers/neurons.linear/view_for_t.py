# wrong: view instead of transpose


def linear(x, weight, bias):
    w = weight.reshape(x.shape[1], -1)
    return x @ w + bias
