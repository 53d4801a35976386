# wrong: squeeze


def linear(x, weight, bias):
    return (x @ weight.T + bias).squeeze()
