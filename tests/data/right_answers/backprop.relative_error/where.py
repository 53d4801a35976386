# right: where for the floor
import torch


def relative_error(a, b):
    den = a.abs() + b.abs()
    den = torch.where(den < 1e-8, torch.full_like(den, 1e-8), den)
    return torch.div((a - b).abs(), den).amax().item()
