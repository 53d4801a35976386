# wrong: a step of warm-up where none is asked for
import math


def warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):
    warmup_steps = max(1, warmup_steps)
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    part = min(1.0, (step - warmup_steps) / max(1, total_steps - warmup_steps))
    return min_lr + 0.5 * (max_lr - min_lr) * (1.0 + math.cos(math.pi * part))
