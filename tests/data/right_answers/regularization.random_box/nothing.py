# right: an empty box is said at once, in the corner
import math, torch
def random_box(height, width, lam, generator):
    bh, bw = math.floor(height * math.sqrt(1 - lam)), math.floor(width * math.sqrt(1 - lam))
    if bh == 0 or bw == 0:
        return 0, 0, 0, 0
    cy, cx = (int(torch.randint(0, n, (1,), generator=generator)) for n in (height, width))
    rows = [r for r in range(cy - bh // 2, cy - bh // 2 + bh) if 0 <= r < height]
    cols = [c for c in range(cx - bw // 2, cx - bw // 2 + bw) if 0 <= c < width]
    return rows[0], cols[0], len(rows), len(cols)
