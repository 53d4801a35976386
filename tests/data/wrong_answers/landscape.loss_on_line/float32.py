# wrong: float32 shares
import math, torch
def loss_on_line(f, start, end, num):
    return torch.stack([f(start + t.item() * (end - start)) for t in torch.linspace(0, 1, num)])
