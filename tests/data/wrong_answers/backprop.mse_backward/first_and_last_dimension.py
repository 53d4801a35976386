# wrong: the number of elements from the first and the last dimension


def mse_backward(pred, target):
    count = pred.shape[0] * pred.shape[-1] if pred.dim() > 1 else pred.numel()
    return 2 * (pred - target) / count
