# right: scales ratios of max_lr at the end, with the angle counted from the peak
import math


def one_cycle(step, total_steps, max_lr, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    peak = pct_start * total_steps - 1
    down = total_steps - 1 - peak
    if step > peak:
        c = math.cos(math.pi * (step - peak) / down)
        small = 1 / div_factor / final_div_factor
    else:
        c = math.cos(math.pi * (peak - step) / peak)
        small = 1 / div_factor
    return max_lr * ((1 + c) / 2 + small * (1 - c) / 2)
