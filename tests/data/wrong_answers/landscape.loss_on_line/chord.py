# wrong: the heights are interpolated
import math, torch
def loss_on_line(f, start, end, num):
    a, b = f(start), f(end)
    return torch.stack([a + (b - a) * i / (num - 1) for i in range(num)])
