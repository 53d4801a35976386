# wrong: warms up from a hundredth of max_lr
import math


def warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):
    if step < warmup_steps:
        a = max_lr / 100
        return a + (max_lr - a) * step / warmup_steps
    if step >= total_steps:
        return min_lr
    x = (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * x))
