# right: torch.linalg.norm of flattened tensors
import math, torch


def update_ratio(old, new):
    step = torch.linalg.norm((new - old).flatten())
    size = torch.linalg.norm(old.flatten())
    if step == 0:
        return 0.0
    if size == 0:
        return math.inf
    return (step / size).item()
