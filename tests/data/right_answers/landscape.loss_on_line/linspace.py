# right: torch.linspace in the dtype of start
import math, torch
def loss_on_line(f, start, end, num):
    return torch.stack([f((1 - t) * start + t * end) for t in torch.linspace(0, 1, num, dtype=start.dtype, device=start.device)])
