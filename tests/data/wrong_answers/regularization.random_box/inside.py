# wrong: the box always fits in
import math, torch
def random_box(height, width, lam, generator):
    h, w = int(height * math.sqrt(1 - lam)), int(width * math.sqrt(1 - lam))
    top = torch.randint(0, height - h + 1, (1,), generator=generator).item()
    left = torch.randint(0, width - w + 1, (1,), generator=generator).item()
    return top, left, h, w
