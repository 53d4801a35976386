# wrong: the usual backward pass
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    xs = [x]
    for f in forwards[:-1]:
        xs.append(f(xs[-1]))
    for b, h in zip(backwards[::-1], xs[::-1]):
        grad_out = b(grad_out, h)
    return grad_out
