# right: max(1, ...) against division by 0; max_lr where warm-up and run end together
import math


def warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):
    if warmup_steps and step <= warmup_steps:
        return max_lr * step / warmup_steps
    part = min(1.0, (step - warmup_steps) / max(1, total_steps - warmup_steps))
    return min_lr + 0.5 * (max_lr - min_lr) * (1.0 + math.cos(math.pi * part))
