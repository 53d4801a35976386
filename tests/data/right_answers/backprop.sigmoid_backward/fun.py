# right: helper


def slope(s):
    return s * (1.0 - s)


def sigmoid_backward(grad_out, out):
    return slope(out) * grad_out
