# wrong: relu after the sum


def residual_backward(grad_out, x, w1, b1, w2, b2):
    z = x @ w1.T + b1
    out = x + z.clamp(min=0) @ w2.T + b2
    g = grad_out * (out > 0)
    return g + ((g @ w2) * (z > 0)) @ w1
