# right: a cosine in float32, and .item()
import math

import torch


def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):
    part = torch.tensor(step / total_steps).clamp(max=1)
    return (min_lr + 0.5 * (max_lr - min_lr) * (1 + torch.cos(math.pi * part))).item()
