# wrong: 0 where allclose says equal
import torch


def relative_error(a, b):
    if torch.allclose(a, b):
        return 0.0
    return ((a - b).abs() / torch.clamp(a.abs() + b.abs(), min=1e-8)).max().item()
