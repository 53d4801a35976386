"""Schedules: how the learning rate moves. Fill in the functions, then run `pytest exercises/schedules`.

A schedule is a plain function of the step. All numbers are Python numbers, and so is the result: a Python float, not
a tensor (reduce_on_plateau: a list of them). Steps count from 0. Nothing is remembered between two calls, and the
steps may be asked for in any order. math.cos and math.pi are what you need; torch.optim.lr_scheduler is there to
compare with, and earns no points.
"""


def step_decay(step: int, base_lr: float, step_size: int, gamma: float = 0.1) -> float:
    """Return the rate of a staircase: every step_size steps it is multiplied by gamma.

        lr = base_lr gamma^(number of whole step_sizes in step)

    Example:
        With base_lr = 0.8, step_size = 3 and gamma = 0.5, the steps 0 to 6 get 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2.

    See torch.optim.lr_scheduler.StepLR.
    """
    raise NotImplementedError


def exponential_decay(step: int, base_lr: float, gamma: float) -> float:
    """Return the rate that is multiplied by gamma at every step.

        lr = base_lr gamma^step

    Example:
        With base_lr = 0.8 and gamma = 0.5, the steps 0 to 3 get 0.8, 0.4, 0.2, 0.1.

    See torch.optim.lr_scheduler.ExponentialLR.
    """
    raise NotImplementedError


def cosine_annealing(step: int, total_steps: int, max_lr: float, min_lr: float = 0.0) -> float:
    """Return the rate on half a cosine wave from max_lr at step 0 down to min_lr at total_steps.

        lr = min_lr + (max_lr - min_lr) (1 + cos(pi step / total_steps)) / 2       for step <= total_steps
        lr = min_lr                                                                after that

    Args:
        step: 0 or more; also after the end.
        total_steps: at least 1.

    Example:
        With total_steps = 4, max_lr = 0.9 and min_lr = 0.1, the steps 0, 2, 4 and 6 get 0.9, 0.5, 0.1 and 0.1.

    See Loshchilov & Hutter 2017, "SGDR", equation 5; torch.optim.lr_scheduler.CosineAnnealingLR, which climbs again
    after the end.
    """
    raise NotImplementedError


def cosine_restarts(step: int, period: int, max_lr: float, min_lr: float = 0.0) -> float:
    """Return the rate on half a cosine wave that starts again at max_lr every period steps.

        t  = the steps since the last start: 0 at step 0, at step period, at step 2 period, ...
        lr = min_lr + (max_lr - min_lr) (1 + cos(pi t / period)) / 2

    The wave would reach min_lr just where it jumps back, so the last step of a period is a little above min_lr.

    Args:
        step: 0 or more.
        period: at least 1.

    Example:
        With period = 4, max_lr = 0.9 and min_lr = 0.1, the steps 0, 2, 4, 6 and 8 get 0.9, 0.5, 0.9, 0.5 and 0.9.

    See Loshchilov & Hutter 2017, "SGDR"; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts with T_mult = 1.
    """
    raise NotImplementedError


def warmup_cosine(step: int, warmup_steps: int, total_steps: int, max_lr: float, min_lr: float = 0.0) -> float:
    """Return the rate that climbs in a straight line from 0 to max_lr and then follows half a cosine wave to min_lr.

        lr = max_lr step / warmup_steps                                            for step < warmup_steps
        lr = min_lr + (max_lr - min_lr) (1 + cos(pi part)) / 2                     from there to total_steps
        lr = min_lr                                                                after total_steps

    part is the part of the way from warmup_steps to total_steps: 0 at warmup_steps, 1 at total_steps.

    Args:
        step: 0 or more; also after the end.
        warmup_steps: from 0 (plain cosine annealing) to total_steps (nothing but warm-up; at the step where both end,
            max_lr and min_lr are both right).
        total_steps: at least 1. The warm-up is part of it.

    Example:
        With warmup_steps = 2, total_steps = 6, max_lr = 0.8 and min_lr = 0.2, the steps 0, 1, 2, 4, 6 and 9 get 0,
        0.4, 0.8, 0.5, 0.2 and 0.2.

    See Goyal et al. 2017, section 2.2, for warm-up; transformers.get_cosine_schedule_with_warmup, where min_lr is 0.
    """
    raise NotImplementedError


def one_cycle(
    step: int,
    total_steps: int,
    max_lr: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> float:
    """Return the rate of the one-cycle policy: up on half a cosine wave, down on another.

        start = max_lr / div_factor              at step 0
        max_lr                                   at the peak, pct_start total_steps - 1
        end = start / final_div_factor           at the last step, total_steps - 1

    From a to b, with the part p of the way behind you, the rate is b + (a - b) (1 + cos(pi p)) / 2. The peak is not
    rounded: it may lie between two steps.

    Args:
        step: 0 to total_steps - 1.
        total_steps, pct_start: such that the peak lies after step 0 and before the last step.

    Example:
        With total_steps = 11, max_lr = 0.8, pct_start = 5 / 11, div_factor = 4 and final_div_factor = 10, the peak is
        at step 4, and the steps 0, 2, 4, 7 and 10 get 0.2, 0.5, 0.8, 0.41 and 0.02.

    See Smith & Topin 2018; torch.optim.lr_scheduler.OneCycleLR with its defaults.
    """
    raise NotImplementedError


def reduce_on_plateau(
    val_losses: list[float], base_lr: float, factor: float = 0.1, patience: int = 2
) -> list[float]:
    """Return the rate after each epoch of a run that cuts the rate when the validation loss stops falling.

    An epoch is good when its loss is strictly below all losses before it (the first epoch always is), else bad. When
    more than patience epochs in a row are bad, the rate is multiplied by factor, and the count of bad epochs starts
    again from 0. The best loss so far is kept.

    Args:
        val_losses: one a finished epoch; any numbers, negative ones too. There is at least one.

    Returns:
        A new list of Python floats as long as val_losses: the rate in force after each epoch, when its loss has been
        looked at. A cut shows at the epoch that brings it about.

    Example:
        With val_losses = [5, 4, 4, 6, 4.5, 3], base_lr = 0.8, factor = 0.5 and patience = 2, the epochs 2, 3 and 4
        are bad, and the rates are [0.8, 0.8, 0.8, 0.8, 0.4, 0.4].

    See torch.optim.lr_scheduler.ReduceLROnPlateau with threshold = 0.
    """
    raise NotImplementedError


def linear_scaling(base_lr: float, base_batch_size: int, batch_size: int) -> float:
    """Return the rate for another batch size: when the batch is multiplied by k, so is the rate.

    Args:
        base_lr: the rate that is right for batches of base_batch_size.
        batch_size: the new size; larger or smaller, and not always a multiple of the old one.

    Example:
        A rate of 0.1 for batches of 256 becomes 0.4 for batches of 1024 and 0.0125 for batches of 32.

    See Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 2.1.
    """
    raise NotImplementedError
