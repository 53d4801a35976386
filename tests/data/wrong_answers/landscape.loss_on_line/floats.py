# wrong: float32 whatever comes in
import math, torch
def loss_on_line(f, start, end, num):
    return torch.tensor([float(f(start + i / (num - 1) * (end - start))) for i in range(num)])
