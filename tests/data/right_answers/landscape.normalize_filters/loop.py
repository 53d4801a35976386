# right: row by row
import math, torch
def normalize_filters(direction, weight):
    rows = []
    for d, w in zip(direction, weight):
        n = d.norm()
        rows.append(d * (w.norm() / n) if n > 0 else torch.zeros_like(d))
    return torch.stack(rows)
