# wrong: in place square


def tanh_backward(grad_out, out):
    out.pow_(2)
    return grad_out * (1 - out)
