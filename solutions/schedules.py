"""Reference solutions of the unit schedules. Formulas, shapes and sources are in `starter/schedules.py`."""

import math


def _cosine(start: float, end: float, part: float) -> float:
    """The rate on half a cosine wave from start to end, when a part of the way is behind."""
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2


def step_decay(step: int, base_lr: float, step_size: int, gamma: float = 0.1) -> float:
    return base_lr * gamma ** (step // step_size)


def exponential_decay(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * gamma**step


def cosine_annealing(step: int, total_steps: int, max_lr: float, min_lr: float = 0.0) -> float:
    return _cosine(max_lr, min_lr, min(step / total_steps, 1))


def cosine_restarts(step: int, period: int, max_lr: float, min_lr: float = 0.0) -> float:
    return cosine_annealing(step % period, period, max_lr, min_lr)


def warmup_cosine(step: int, warmup_steps: int, total_steps: int, max_lr: float, min_lr: float = 0.0) -> float:
    if step < warmup_steps:
        return max_lr * step / warmup_steps
    if step >= total_steps:
        return min_lr
    return cosine_annealing(step - warmup_steps, total_steps - warmup_steps, max_lr, min_lr)


def one_cycle(
    step: int,
    total_steps: int,
    max_lr: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> float:
    start = max_lr / div_factor
    end = start / final_div_factor
    peak, last = pct_start * total_steps - 1, total_steps - 1
    if step <= peak:
        return _cosine(start, max_lr, step / peak)
    return _cosine(max_lr, end, (step - peak) / (last - peak))


def reduce_on_plateau(
    val_losses: list[float], base_lr: float, factor: float = 0.1, patience: int = 2
) -> list[float]:
    lr, best, bad_epochs = base_lr, math.inf, 0
    rates = []
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss < best:
            best, bad_epochs = loss, 0
        else:
            bad_epochs += 1
        if bad_epochs > patience:
            lr, bad_epochs = lr * factor, 0
        rates.append(lr)
    return rates


def linear_scaling(base_lr: float, base_batch_size: int, batch_size: int) -> float:
    return base_lr * batch_size / base_batch_size
