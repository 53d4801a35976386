# wrong: the share that is kept is held at a tenth
def dropout_backward(grad_out, mask, p):
    return grad_out * mask / max(1 - p, 0.1)
