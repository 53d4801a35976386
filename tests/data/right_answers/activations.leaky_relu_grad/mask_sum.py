# right: mask + slope (1 - mask)


def leaky_relu_grad(x, negative_slope=0.01):
    m = (x > 0).to(x.dtype)
    return m + negative_slope * (1 - m)
