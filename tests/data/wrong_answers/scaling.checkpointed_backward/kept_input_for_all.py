# wrong: the input that was kept serves the whole segment
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = []
    for i, f in enumerate(forwards):
        if i % every == 0:
            kept.append(x)
        x = f(x)
    for i in reversed(range(len(forwards))):
        grad_out = backwards[i](grad_out, kept[i // every])
    return grad_out
