# right: samples as columns throughout


def mlp_forward(x, weights, biases):
    h = x.T
    for w, b in zip(weights[:-1], biases[:-1]):
        h = (w @ h + b[:, None]).clamp_min(0)
    return (weights[-1] @ h + biases[-1][:, None]).T
