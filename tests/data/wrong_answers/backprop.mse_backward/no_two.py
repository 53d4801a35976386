# wrong: no 2


def mse_backward(pred, target):
    return (pred - target) / pred.numel()
