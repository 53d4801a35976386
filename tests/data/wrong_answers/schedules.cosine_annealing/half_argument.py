# wrong: min_lr is halved on the way
import math


def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):
    low = min_lr / 2
    part = min(1, step / total_steps)
    return low + (max_lr - low) * (1 + math.cos(math.pi * part)) / 2
