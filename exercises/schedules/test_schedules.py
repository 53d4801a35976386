"""Public checks of the unit schedules: `pytest exercises/schedules`."""

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import example
from backpass.judging.checks import check


def steps(rates, **rest):
    """One example for each step: `rates` has the rate of each, `rest` the other arguments."""
    return [example(step=step, **rest, returns=rate) for step, rate in rates.items()]


def run(*rates, **rest):
    """The first steps of a run, from step 0."""
    return steps(dict(enumerate(rates)), **rest)


@check(
    "schedules.step_decay",
    *run(0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, base_lr=0.8, step_size=3, gamma=0.5),
    *run(0.5, 0.5, 0.05, 0.05, 0.005, base_lr=0.5, step_size=2),
)
def test_step_decay_is_a_staircase(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.exponential_decay",
    *run(0.8, 0.4, 0.2, 0.1, base_lr=0.8, gamma=0.5),
    *run(0.5, 0.45, 0.405, 0.3645, base_lr=0.5, gamma=0.9),
)
def test_exponential_decay_shrinks_by_the_same_factor(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.cosine_annealing",
    *run(0.9, 0.782843, 0.5, 0.217157, 0.1, total_steps=4, max_lr=0.9, min_lr=0.1),
    *run(0.5, 0.375, 0.125, 0.0, total_steps=3, max_lr=0.5),
)
def test_cosine_annealing_comes_down_in_half_a_wave(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check("schedules.cosine_annealing", *steps({5: 0.1, 6: 0.1, 11: 0.1}, total_steps=4, max_lr=0.9, min_lr=0.1))
def test_cosine_annealing_stays_down(student, cases):
    agree(student, cases)


@check(
    "schedules.cosine_restarts",
    *run(0.9, 0.782843, 0.5, 0.217157, 0.9, 0.782843, 0.5, 0.217157, 0.9, period=4, max_lr=0.9, min_lr=0.1),
    *run(0.5, 0.375, 0.125, 0.5, 0.375, 0.125, 0.5, period=3, max_lr=0.5),
)
def test_cosine_restarts_goes_back_to_the_top(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.warmup_cosine",
    *run(0.0, 0.4, 0.8, 0.712132, 0.5, 0.287868, 0.2, warmup_steps=2, total_steps=6, max_lr=0.8, min_lr=0.2),
    *run(0.0, 0.2, 0.4, 0.6, 0.45, 0.15, 0.0, warmup_steps=3, total_steps=6, max_lr=0.6),
)
def test_warmup_cosine_climbs_and_comes_down(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.warmup_cosine",
    *steps({7: 0.2, 9: 0.2, 12: 0.2}, warmup_steps=2, total_steps=6, max_lr=0.8, min_lr=0.2),
    *run(0.9, 0.782843, 0.5, 0.217157, 0.1, warmup_steps=0, total_steps=4, max_lr=0.9, min_lr=0.1),
)
def test_warmup_cosine_at_its_ends(student, cases):
    agree(student, cases)


@check(
    "schedules.one_cycle",
    *run(
        *(0.2, 0.287868, 0.5, 0.712132, 0.8, 0.74775, 0.605, 0.41, 0.215, 0.07225, 0.02),
        total_steps=11,
        max_lr=0.8,
        pct_start=5 / 11,
        div_factor=4.0,
        final_div_factor=10.0,
    ),
    *run(
        *(0.02, 0.26, 0.5, 0.475242, 0.405873, 0.305631, 0.194371, 0.094129, 0.02476, 0.000002),
        total_steps=10,
        max_lr=0.5,
    ),
)
def test_one_cycle_goes_up_and_down(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.reduce_on_plateau",
    example(
        val_losses=[5.0, 4.0, 4.0, 6.0, 4.5, 3.0],
        base_lr=0.8,
        factor=0.5,
        patience=2,
        returns=[0.8, 0.8, 0.8, 0.8, 0.4, 0.4],
    ),
    example(
        val_losses=[2.0, 1.0, 1.5, 1.2, 1.1, 1.0, 1.3, 1.4, 0.9, 1.0],
        base_lr=0.5,
        returns=[0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005, 0.005, 0.005],
    ),
)
def test_reduce_on_plateau_cuts_when_nothing_improves(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check(
    "schedules.linear_scaling",
    example(base_lr=0.1, base_batch_size=256, batch_size=1024, returns=0.4),
    example(base_lr=0.1, base_batch_size=256, batch_size=32, returns=0.0125),
    example(base_lr=0.3, base_batch_size=64, batch_size=96, returns=0.45),
)
def test_linear_scaling_scales_the_rate_with_the_batch(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)
