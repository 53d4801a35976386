# wrong: goes through the layers in their order
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    for f, b in zip(forwards, backwards):
        grad_out = b(grad_out, x)
        x = f(x)
    return grad_out
