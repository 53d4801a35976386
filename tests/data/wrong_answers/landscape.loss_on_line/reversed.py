# wrong: from end to start
import math, torch
def loss_on_line(f, start, end, num):
    return torch.stack([f(end + i / (num - 1) * (start - end)) for i in range(num)])
