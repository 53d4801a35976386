# wrong: max in place of sum of sizes
import torch


def relative_error(a, b):
    return ((a - b).abs() / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)).max().item()
