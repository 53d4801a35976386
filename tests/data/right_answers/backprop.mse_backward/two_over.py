# right: factor first


def mse_backward(pred, target):
    n = pred.numel()
    return (2.0 / n) * (pred - target)
