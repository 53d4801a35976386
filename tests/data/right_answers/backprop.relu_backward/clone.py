# right: clone and index


def relu_backward(grad_out, x):
    g = grad_out.clone()
    g[x <= 0] = 0
    return g
