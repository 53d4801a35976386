# wrong: shares of end are added
import math, torch
def loss_on_line(f, start, end, num):
    return torch.stack([f(start + i / (num - 1) * end) for i in range(num)])
