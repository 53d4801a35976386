# wrong: x and grad_out are exchanged
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = {}
    for i, f in enumerate(forwards):
        if i % every == 0:
            kept[i] = x
        x = f(x)
    for start in sorted(kept, reverse=True):
        hs = [kept[start]]
        for f in forwards[start : start + every][:-1]:
            hs.append(f(hs[-1]))
        for b, h in zip(reversed(backwards[start : start + every]), reversed(hs)):
            grad_out = b(h, grad_out)
    return grad_out
