# wrong: consumes the caller's lists


def mlp_forward(x, weights, biases):
    w_last, b_last = weights.pop(), biases.pop()
    for w, b in zip(weights, biases):
        x = (x @ w.T + b).clamp(min=0)
    return x @ w_last.T + b_last
