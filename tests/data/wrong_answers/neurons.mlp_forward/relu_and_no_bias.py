# wrong: relu everywhere and last bias missing


def mlp_forward(x, weights, biases):
    for w, b in zip(weights[:-1], biases[:-1]):
        x = (x @ w.T + b).clamp(min=0)
    return (x @ weights[-1].T).clamp(min=0)
