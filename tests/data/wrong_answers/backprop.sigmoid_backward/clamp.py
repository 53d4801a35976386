# wrong: clamped


def sigmoid_backward(grad_out, out):
    out = out.clamp(1e-7, 1 - 1e-7)
    return grad_out * out * (1 - out)
