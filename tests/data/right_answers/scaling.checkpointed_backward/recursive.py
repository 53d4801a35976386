def checkpointed_backward(forwards, backwards, x, grad_out, every):
    first = forwards[:every]
    if len(forwards) > every:
        h = x
        for f in first:
            h = f(h)
        grad_out = checkpointed_backward(forwards[every:], backwards[every:], h, grad_out, every)

    def back(i, h, grad):
        if i + 1 < len(first):
            grad = back(i + 1, first[i](h), grad)
        return backwards[i](grad, h)

    return back(0, x, grad_out)
