# wrong: no upstream


def sigmoid_backward(grad_out, out):
    return out * (1 - out)
