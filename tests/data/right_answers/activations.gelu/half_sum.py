# right: x/2 + x/2 erf
import torch


def gelu(x):
    root = torch.sqrt(torch.tensor(2.0, dtype=x.dtype, device=x.device))
    return x / 2 + x / 2 * torch.erf(x / root)
