# wrong: divides by total_steps - 1, guarded against 0
import math


def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):
    if step >= total_steps:
        return min_lr
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * step / max(total_steps - 1, 1)))
