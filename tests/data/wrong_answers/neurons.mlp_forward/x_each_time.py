# wrong: x instead of h


def mlp_forward(x, weights, biases):
    for w, b in zip(weights[:-1], biases[:-1]):
        h = (x @ w.T + b).clamp(min=0)
    return h @ weights[-1].T + biases[-1]
