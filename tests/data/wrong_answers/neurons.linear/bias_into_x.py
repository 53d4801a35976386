# wrong: x + bias


def linear(x, weight, bias):
    return (x + bias) @ weight.T
