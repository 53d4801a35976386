# right: numpy-like one-liner
import torch


def relative_error(a, b):
    return float(
        torch.max(torch.abs(a - b) / torch.maximum(torch.abs(a) + torch.abs(b), torch.tensor(1e-8, dtype=a.dtype)))
    )
