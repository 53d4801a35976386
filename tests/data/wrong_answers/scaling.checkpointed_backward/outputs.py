# wrong: gives the outputs
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = [x]
    for i, f in enumerate(forwards):
        x = f(x)
        if (i + 1) % every == 0:
            kept.append(x)
    for k in reversed(range(0, len(forwards), every)):
        hs = [kept[k // every]]
        for f in forwards[k : k + every]:
            hs.append(f(hs[-1]))
        for b, h in zip(reversed(backwards[k : k + every]), reversed(hs[1:])):
            grad_out = b(grad_out, h)
    return grad_out
