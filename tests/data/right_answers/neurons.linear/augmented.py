# right: bias as one more column
import torch


def linear(x, weight, bias):
    ones = x.new_ones(x.shape[0], 1)
    return torch.cat([x, ones], dim=1) @ torch.cat([weight, bias[:, None]], dim=1).transpose(0, 1)
