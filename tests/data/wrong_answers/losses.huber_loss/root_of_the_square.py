# wrong: the gradient is NaN where an error is 0, as the size is the root of the square
import torch


def huber_loss(pred, target, delta=1.0):
    size = torch.sqrt((pred - target) ** 2)
    return torch.where(size <= delta, 0.5 * size**2, delta * (size - delta / 2)).mean()
