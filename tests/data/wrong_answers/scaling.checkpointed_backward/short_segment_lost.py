# wrong: full segments only
def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = [x]
    for i, f in enumerate(forwards):
        x = f(x)
        if (i + 1) % every == 0:
            kept.append(x)
    for k in reversed(range(len(forwards) // every)):
        hs = [kept[k]]
        for f in forwards[k * every : (k + 1) * every - 1]:
            hs.append(f(hs[-1]))
        for b, h in zip(reversed(backwards[k * every : (k + 1) * every]), reversed(hs)):
            grad_out = b(grad_out, h)
    return grad_out
