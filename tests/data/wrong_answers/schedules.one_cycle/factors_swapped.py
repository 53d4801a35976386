# wrong: swaps the two factors, and divides max_lr by both
import math


def one_cycle(step, total_steps, max_lr, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    start = max_lr / final_div_factor
    end = max_lr / div_factor
    peak = pct_start * total_steps - 1
    if step <= peak:
        return start + (max_lr - start) * (1 - math.cos(math.pi * step / peak)) / 2
    p = (step - peak) / (total_steps - 1 - peak)
    return end + (max_lr - end) * (1 + math.cos(math.pi * p)) / 2
