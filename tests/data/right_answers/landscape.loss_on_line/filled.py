# right: a tensor that is filled
import math, torch
def loss_on_line(f, start, end, num):
    out = torch.empty(num, dtype=start.dtype, device=start.device)
    for i in range(num):
        out[i] = f(start + (end - start) * i / (num - 1))
    return out
