# wrong: the gradient that arrives is limited


def tanh_backward(grad_out, out):
    return grad_out.clamp(-10, 10) * (1 - out**2)
