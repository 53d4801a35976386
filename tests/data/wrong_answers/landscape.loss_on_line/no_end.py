# wrong: the end is left out
import math, torch
def loss_on_line(f, start, end, num):
    return torch.stack([f(start + i / num * (end - start)) for i in range(num)])
