# wrong: output tested with >=


def relu_backward(grad_out, x):
    out = x.clamp(min=0)
    return grad_out * (out >= 0)
