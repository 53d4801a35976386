# wrong: straight lines, and the peak on a whole step
def one_cycle(step, total_steps, max_lr, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    peak = int(pct_start * total_steps)
    low = max_lr / div_factor
    if step < peak:
        return low + (max_lr - low) * step / peak
    end = low / final_div_factor
    return max_lr + (end - max_lr) * (step - peak) / (total_steps - peak)
