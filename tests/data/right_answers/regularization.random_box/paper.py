# right: as in the paper's code, from the centre minus to the centre plus half a side
import math, torch
def random_box(height, width, lam, generator):
    ratio = math.sqrt(1.0 - lam)
    h, w = int(height * ratio), int(width * ratio)
    cx = torch.randint(width, (1,), generator=generator, device=generator.device).item()
    cy = torch.randint(height, (1,), generator=generator, device=generator.device).item()
    y1, y2 = max(0, cy - h // 2), min(height, cy + h // 2)
    x1, x2 = max(0, cx - w // 2), min(width, cx + w // 2)
    return y1, x1, y2 - y1, x2 - x1
