# wrong: only the first three layers have a ReLU


def mlp_forward(x, weights, biases):
    for number, (weight, bias) in enumerate(zip(weights, biases)):
        x = x @ weight.T + bias
        if number < min(3, len(weights) - 1):
            x = x.clamp(min=0)
    return x
