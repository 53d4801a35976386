# wrong: covers lam
import math, torch
def random_box(height, width, lam, generator):
    share = math.sqrt(lam)
    h, w = int(height * share), int(width * share)
    cy = int(torch.randint(height, (1,), generator=generator))
    cx = int(torch.randint(width, (1,), generator=generator))
    y1, y2 = max(0, cy - h // 2), min(height, cy - h // 2 + h)
    x1, x2 = max(0, cx - w // 2), min(width, cx - w // 2 + w)
    return y1, x1, y2 - y1, x2 - x1
