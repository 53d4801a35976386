# wrong: w1 first


def residual_backward(grad_out, x, w1, b1, w2, b2):
    z = x @ w1.T + b1
    return grad_out + ((grad_out @ w1.T) * (z > 0)) @ w2.T
