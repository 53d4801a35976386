# wrong: a 0-d tensor
import math

import torch


def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):
    part = torch.tensor(min(1, step / total_steps))
    return min_lr + (max_lr - min_lr) * (1 + torch.cos(math.pi * part)) / 2
