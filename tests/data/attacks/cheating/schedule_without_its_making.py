# unit: schedules
# tries: to call the method of a schedule that was never made, through Python's library
# stopped by: all methods of schedules tell, not only what makes them
# expect: exponential_decay shortcut 0
# expect: cosine_annealing shortcut 0
# says: ExponentialLR._get_closed_form_lr
import functools

from torch.optim import lr_scheduler


def rate(kind, **state):
    schedule = object.__new__(kind)
    vars(schedule).update(state)
    return functools.singledispatch(kind._get_closed_form_lr)(schedule)[0]


def exponential_decay(step, base_lr, gamma):
    return rate(lr_scheduler.ExponentialLR, last_epoch=step, base_lrs=[base_lr], gamma=gamma)


def cosine_annealing(step, total_steps, max_lr, min_lr=0.0):
    state = {"last_epoch": min(step, total_steps), "base_lrs": [max_lr], "T_max": total_steps, "eta_min": min_lr}
    return rate(lr_scheduler.CosineAnnealingLR, **state)
