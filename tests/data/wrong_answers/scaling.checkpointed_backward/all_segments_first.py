# wrong: recomputes everything before it goes back
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = {}
    h = x
    for i in range(len(forwards)):
        if i % every == 0:
            kept[i] = h
        h = forwards[i](h)
    inputs = []
    for start in kept:
        h = kept[start]
        inputs.append(h)
        for i in range(start, min(start + every, len(forwards)) - 1):
            h = forwards[i](h)
            inputs.append(h)
    for i in reversed(range(len(forwards))):
        grad_out = backwards[i](grad_out, inputs[i])
    return grad_out
