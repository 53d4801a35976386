# wrong: bias first


def collapse_linear(w1, b1, w2, b2):
    weight = w2 @ w1
    bias = w2 @ b1 + b2
    return bias, weight
