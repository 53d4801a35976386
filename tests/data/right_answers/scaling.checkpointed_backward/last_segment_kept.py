def checkpointed_backward(forwards, backwards, x, grad_out, every):
    n = len(forwards)
    last = (n - 1) // every * every
    stored = [None] * n
    for i in range(n):
        if i % every == 0 or i > last:
            stored[i] = x
        if i < n - 1:
            x = forwards[i](x)
    for i in reversed(range(n)):
        if stored[i] is None:
            start = i // every * every
            for j in range(start, i):
                stored[j + 1] = forwards[j](stored[j])
        grad_out = backwards[i](grad_out, stored[i])
        stored[i] = None
    return grad_out
