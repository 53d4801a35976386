# right: in float64, with torch's own infinity
import torch


def update_ratio(old, new):
    old, new = old.double().reshape(-1), new.double().reshape(-1)
    ratio = torch.dist(new, old) / torch.dist(old, torch.zeros_like(old))
    return 0.0 if torch.equal(old, new) else ratio.item()
