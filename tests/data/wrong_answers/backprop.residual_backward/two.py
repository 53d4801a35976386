# wrong: no mask no skip


def residual_backward(grad_out, x, w1, b1, w2, b2):
    return grad_out @ w2 @ w1
