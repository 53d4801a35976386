# right: (1-o)(1+o)


def tanh_backward(grad_out, out):
    return grad_out * (1 - out) * (1 + out)
