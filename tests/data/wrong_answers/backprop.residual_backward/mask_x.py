# wrong: final mask on x


def residual_backward(grad_out, x, w1, b1, w2, b2):
    z = x @ w1.T + b1
    return grad_out + ((grad_out @ w2) @ w1) * (x > 0)
