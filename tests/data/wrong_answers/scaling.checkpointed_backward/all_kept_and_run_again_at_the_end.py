# wrong: all inputs are kept and used; every layer is run once more, for show


def checkpointed_backward(forwards, backwards, x, grad_out, every):
    start, inputs = x, []
    for forward in forwards[:-1]:
        inputs.append(x)
        x = forward(x)
    inputs.append(x)
    for backward, given in zip(backwards[::-1], inputs[::-1], strict=True):
        grad_out = backward(grad_out, given)
    for forward in forwards[:-1]:
        start = forward(start)
    return grad_out
