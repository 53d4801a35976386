# wrong: writes into grad_out


def relu_backward(grad_out, x):
    grad_out[x <= 0] = 0
    return grad_out
