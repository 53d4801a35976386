# right: a list of phases, as torch has it
import math


def one_cycle(step, total_steps, max_lr, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    low = max_lr / div_factor
    phases = [(pct_start * total_steps - 1, low, max_lr), (total_steps - 1, max_lr, low / final_div_factor)]
    begin = 0
    for end, a, b in phases:
        if step <= end:
            return a + (b - a) * math.sin(math.pi / 2 * (step - begin) / (end - begin)) ** 2
        begin = end
