# wrong: pinv with a large cut
import torch


def least_squares(x, y):
    return torch.linalg.pinv(x, rcond=1e-3) @ y
