"""Other right answers of the unit schedules, each with what to say of its convention."""

import math

from backpass.judging.variants import accepted


@accepted("schedules.warmup_cosine")
def peak_where_both_end(step, warmup_steps, total_steps, max_lr, min_lr=0.0):
    """Right. Where the warm-up fills the whole run, you give max_lr at its last step, others give min_lr: both are
    right."""
    if step < warmup_steps or step == warmup_steps == total_steps:
        return max_lr * step / warmup_steps
    if step >= total_steps:
        return min_lr
    part = (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * part)) / 2
