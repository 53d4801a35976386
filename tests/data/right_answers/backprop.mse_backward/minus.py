# right: minus target


def mse_backward(pred, target):
    return -2 * (target - pred) / pred.nelement()
