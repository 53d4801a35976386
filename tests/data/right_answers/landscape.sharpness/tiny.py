# right: a tiny number beside the norm
import torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        v = w / (torch.linalg.norm(w) + 1e-12)
        w = matvec(v)
    return torch.sum(v * w).item()
