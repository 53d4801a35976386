# right: distributed


def tanh_backward(grad_out, out):
    return grad_out - grad_out * out * out
