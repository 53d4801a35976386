# wrong: len(pred)


def mse_backward(pred, target):
    return 2 * (pred - target) / (len(pred) if pred.dim() else 1)
