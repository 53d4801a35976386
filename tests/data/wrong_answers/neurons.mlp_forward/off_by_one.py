# wrong: condition off by one, no relu before the last layer


def mlp_forward(x, weights, biases):
    h = x
    for i in range(len(weights)):
        h = h @ weights[i].T + biases[i]
        if i < len(weights) - 2:
            h = h.clamp(min=0)
    return h
