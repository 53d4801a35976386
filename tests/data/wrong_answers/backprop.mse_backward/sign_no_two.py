# wrong: sign and no 2


def mse_backward(pred, target):
    return (target - pred) / pred.numel()
