# wrong: draws from the global source
import math, random
def random_box(height, width, lam, generator):
    h, w = int(height * math.sqrt(1 - lam)), int(width * math.sqrt(1 - lam))
    cy, cx = random.randrange(height), random.randrange(width)
    y1, y2 = max(0, cy - h // 2), min(height, cy - h // 2 + h)
    x1, x2 = max(0, cx - w // 2), min(width, cx - w // 2 + w)
    return y1, x1, y2 - y1, x2 - x1
