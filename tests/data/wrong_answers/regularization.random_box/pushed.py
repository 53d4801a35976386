# wrong: pushed back into the image
import math, torch
def random_box(height, width, lam, generator):
    h, w = int(height * math.sqrt(1 - lam)), int(width * math.sqrt(1 - lam))
    cy, cx = (int(torch.randint(n, (1,), generator=generator)) for n in (height, width))
    top, left = max(0, min(cy - h // 2, height - h)), max(0, min(cx - w // 2, width - w))
    return top, left, h, w
