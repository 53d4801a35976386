# wrong: keeps the inputs behind each multiple as well
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    n = len(forwards)
    kept = {}
    for i, f in enumerate(forwards):
        if i % every in (0, 1):
            kept[i] = x
        x = f(x)
    for start in reversed(range(0, n, every)):
        inputs = [kept[start]]
        for i in range(start, min(start + every, n) - 1):
            inputs.append(kept[i + 1] if i + 1 in kept else forwards[i](inputs[-1]))
        for i in reversed(range(start, min(start + every, n))):
            grad_out = backwards[i](grad_out, inputs[i - start])
    return grad_out
