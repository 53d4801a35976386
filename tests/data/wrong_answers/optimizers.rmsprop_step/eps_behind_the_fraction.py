# wrong: a missing parenthesis adds eps to the parameter


def rmsprop_step(param, grad, mean_sq, lr, decay=0.9, eps=1e-8):
    mean_sq = decay * mean_sq + (1 - decay) * grad**2
    return param - lr * grad / mean_sq.sqrt() + eps, mean_sq
