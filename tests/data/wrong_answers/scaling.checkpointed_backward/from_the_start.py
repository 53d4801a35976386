# wrong: recomputes every input from the start of its segment
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = {}
    for i, f in enumerate(forwards):
        if i % every == 0:
            kept[i] = x
        x = f(x)
    for i in reversed(range(len(forwards))):
        start = i // every * every
        h = kept[start]
        for j in range(start, i):
            h = forwards[j](h)
        grad_out = backwards[i](grad_out, h)
    return grad_out
