# wrong: grad twice


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1 - grad_out)
