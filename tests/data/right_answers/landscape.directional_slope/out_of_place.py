# right: torch.add and torch.sub with alpha
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    up, down = f(torch.add(x, direction, alpha=h)), f(torch.sub(x, direction, alpha=h))
    return torch.div(torch.sub(up, down), 2 * h)
