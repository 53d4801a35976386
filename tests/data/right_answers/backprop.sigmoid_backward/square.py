# right: quarter minus square


def sigmoid_backward(grad_out, out):
    return grad_out * (0.25 - (out - 0.5) ** 2)
