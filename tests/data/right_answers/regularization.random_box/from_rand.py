# right: centres from one row of uniform numbers
import torch
def random_box(height, width, lam, generator):
    share = (1 - lam) ** 0.5
    sides = [int(height * share), int(width * share)]
    u = torch.rand(2, generator=generator, device=generator.device, dtype=torch.float64).tolist()
    result = []
    for size, side, x in zip((height, width), sides, u):
        first = int(x * size) - side // 2
        end = min(size, first + side)
        first = max(0, first)
        result.append((first, end - first))
    return result[0][0], result[1][0], result[0][1], result[1][1]
