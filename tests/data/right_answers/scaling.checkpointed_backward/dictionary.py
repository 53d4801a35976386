def checkpointed_backward(forwards, backwards, x, grad_out, every):
    n = len(forwards)
    kept = {}
    h = x
    for i in range(n):
        if i % every == 0:
            kept[i] = h
        if i < n - 1:
            h = forwards[i](h)
    for start in sorted(kept, reverse=True):
        inputs = {start: kept[start]}
        for i in range(start, min(start + every, n) - 1):
            inputs[i + 1] = forwards[i](inputs[i])
        for i in range(min(start + every, n) - 1, start - 1, -1):
            grad_out = backwards[i](grad_out, inputs[i])
    return grad_out
