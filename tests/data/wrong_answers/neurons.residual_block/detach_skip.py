# wrong: x.detach


def residual_block(x, w1, b1, w2, b2):
    return x.detach() + (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
