# wrong: mean over batch


def mse_backward(pred, target):
    return 2 * (pred - target).mean(dim=0)
