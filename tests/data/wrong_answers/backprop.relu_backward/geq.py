# wrong: passes at 0


def relu_backward(grad_out, x):
    return grad_out * (x >= 0)
