"""What `backpass plot` draws for the unit schedules: the rate at every step of a run."""

from backpass.plotting.plots import both, plot


def over_steps(axes, yours, expected):
    both(axes, list(range(len(expected["rate"]))), yours["rate"], expected["rate"])
    axes.set_ylim(bottom=min(0.0, *yours["rate"]))
    axes.set_xlabel("step")
    axes.set_ylabel("learning rate")


def over_epochs(axes, yours, expected):
    epochs = list(range(len(expected["rate"])))
    losses = axes.twinx()
    losses.plot(epochs, LOSSES, color="#6b6b6b", linestyle="dotted")
    losses.set_ylabel("validation loss (dotted)")
    losses.grid(visible=False)
    both(axes, epochs, yours["rate"], expected["rate"], marker="o")
    axes.set_yscale("log")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("epoch")
    axes.set_ylabel("learning rate")


def rates(function, steps, **arguments):
    return {"rate": [float(function(step=step, **arguments)) for step in range(steps)]}


@plot("schedules.step_decay", over_steps)
def step_decay(function):
    """a cut to a half every 20 steps"""
    return rates(function, 101, base_lr=1.0, step_size=20, gamma=0.5)


@plot("schedules.exponential_decay", over_steps)
def exponential_decay(function):
    """3 % less at every step"""
    return rates(function, 101, base_lr=1.0, gamma=0.97)


@plot("schedules.cosine_annealing", over_steps)
def cosine_annealing(function):
    """from 1 to 0.1 in 100 steps, and 20 steps beyond"""
    return rates(function, 121, total_steps=100, max_lr=1.0, min_lr=0.1)


@plot("schedules.cosine_restarts", over_steps)
def cosine_restarts(function):
    """three periods of 40 steps"""
    return rates(function, 121, period=40, max_lr=1.0, min_lr=0.1)


@plot("schedules.warmup_cosine", over_steps)
def warmup_cosine(function):
    """20 steps of warm-up, cosine until step 100, and 20 steps beyond"""
    return rates(function, 121, warmup_steps=20, total_steps=100, max_lr=1.0, min_lr=0.1)


@plot("schedules.one_cycle", over_steps)
def one_cycle(function):
    """a run of 100 steps"""
    return rates(function, 100, total_steps=100, max_lr=1.0)


LOSSES = [2.3, 1.6, 1.2, 1.0, 1.01, 1.0, 1.02, 0.8, 0.7, 0.71, 0.72, 0.7, 0.69, 0.7, 0.72, 0.71, 0.7, 0.7, 0.71, 0.7]


@plot("schedules.reduce_on_plateau", over_epochs)
def reduce_on_plateau(function):
    """20 epochs, with a patience of 2"""
    return {"rate": [float(rate) for rate in function(val_losses=LOSSES, base_lr=0.1, patience=2)]}
