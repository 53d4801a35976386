# wrong: the start is left out
import math, torch
def loss_on_line(f, start, end, num):
    step = (end - start) / (num - 1)
    point, out = start, []
    for _ in range(num):
        point = point + step
        out.append(f(point))
    return torch.stack(out)
