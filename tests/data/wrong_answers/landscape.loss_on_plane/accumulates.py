# wrong: the point moves on
import math, torch
def loss_on_plane(f, center, u, v, alphas, betas):
    rows = []
    for a in alphas:
        point, row = center + a * u, []
        for b in betas:
            point = point + b * v
            row.append(f(point))
        rows.append(torch.stack(row))
    return torch.stack(rows)
