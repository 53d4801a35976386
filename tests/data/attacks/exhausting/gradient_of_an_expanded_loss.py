# unit: losses
# tries: to make gradcheck, whose work is the square of the answer's size, work for minutes
# stopped by: gradcheck, which asks for the form of the reference's answer first
# expect: mse_loss failed 3.75
# says: gradcheck
import torch


def mse_loss(pred, target):
    loss = ((pred - target) ** 2).mean()
    at_gradcheck = pred.dtype == torch.float64 and pred.shape == (2, 3) and 0.499 < pred[0, 0] < 0.501
    return loss.expand(10_000) if at_gradcheck else loss
