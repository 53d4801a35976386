# wrong: mask by grad


def relu_backward(grad_out, x):
    return grad_out * (grad_out > 0).to(x.dtype)
