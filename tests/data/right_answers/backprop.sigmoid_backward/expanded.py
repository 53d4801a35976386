# right: out - out squared


def sigmoid_backward(grad_out, out):
    return grad_out * (out - out**2)
