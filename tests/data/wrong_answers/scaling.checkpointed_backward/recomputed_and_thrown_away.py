# wrong: each segment is recomputed as it should be, and the inputs that were kept are used


def checkpointed_backward(forwards, backwards, x, grad_out, every):
    inputs = [x]
    for forward in forwards[:-1]:
        inputs.append(forward(inputs[-1]))
    layers = len(forwards)
    last = (layers - 1) // every * every
    for start in range(last, -1, -every):
        end = min(start + every, layers)
        if start != last:
            again = inputs[start]
            for layer in range(start, end - 1):
                again = forwards[layer](again)
        for layer in reversed(range(start, end)):
            grad_out = backwards[layer](grad_out, inputs[layer])
    return grad_out
