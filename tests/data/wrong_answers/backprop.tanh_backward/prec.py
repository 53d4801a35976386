# wrong: precedence


def tanh_backward(grad_out, out):
    return grad_out * 1 - out**2
