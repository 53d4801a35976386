# wrong: 2*out


def tanh_backward(grad_out, out):
    return grad_out * (1 - 2 * out)
