def checkpointed_backward(forwards, backwards, x, grad_out, every):
    kept = []
    for i, f in enumerate(forwards):
        if i % every == 0:
            kept.append(x)
        x = f(x)
    for k in range(len(kept) - 1, -1, -1):
        fs, bs = forwards[k * every : (k + 1) * every], backwards[k * every : (k + 1) * every]
        xs = [kept[k]]
        for f in fs:
            xs.append(f(xs[-1]))
        for b, h in zip(bs[::-1], xs[:-1][::-1]):
            grad_out = b(grad_out, h)
    return grad_out
