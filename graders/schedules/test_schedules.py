"""Hidden grader of the unit schedules: every step of whole runs, the joints, beyond the end, and the area under it."""

from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_no_trace
from backpass.judging.cases import Draw
from backpass.judging.failures import Fault
from backpass.judging.kinds import corner, function, once_right, worth
from graders.schedules.curves import describe_curve, describe_cuts

# Of the highest rate of a run: a cosine taken in float32 is right, a step more or less is a thousand times that.
PRECISION = 1e-6


class Rates(Draw):
    """Cases whose result is a rate, or a list of rates, between 0 and the run's highest rate."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        rates = case.expected if isinstance(case.expected, list) else [case.expected]
        highest = max([*map(abs, rates), inputs.get("max_lr", inputs.get("base_lr"))])
        tolerance = [PRECISION * highest for _ in rates]
        return replace(case, tolerance=tolerance if isinstance(case.expected, list) else tolerance[0])


def runs(*settings):
    """Every step of some runs, each given as (its steps, its other arguments)."""
    return Rates(None, always=tuple({"step": step} | rest for steps, rest in settings for step in steps))


def one_at_a_time(*settings):
    return Rates(None, always=settings)


def has_the_right_area(student, cases):
    """The rates of a long run add up to what they should: what is off by little everywhere shows here."""
    answers = student(cases)
    if any(type(answer.value) not in (int, float) for answer in answers):
        agree(student, cases, describe_curve)
    total, right = sum(answer.value for answer in answers), sum(case.expected for case in cases)
    if not abs(total - right) <= 10 * PRECISION * right:
        top = max(case.expected for case in cases)
        raise Fault(
            "wrong_area",
            f"Short runs are right. Over a run of {len(cases)} steps your rates add up to {total:.5g} where "
            f"{right:.5g} is right: the difference is {abs(total - right) / top:.2g} steps at the highest rate.",
            cases[0],
        )


def remembers_nothing(student, cases):
    """The same again in another order, and twice: nothing is remembered from call to call."""
    for case, answer in zip(cases, student(cases), strict=True):
        for name in answer.changed:
            raise Fault(
                "input_modified",
                f"The call changes the list `{name}`, which the caller still needs. Build a new list: pop, append, "
                "sort and assignments to an entry change the one that you were given.",
                replace(case, expected=None),
            )
    leaves_no_trace(student, cases)
    backwards = student.ask([call for case in reversed(cases) for call in (case.call(), case.call())])
    for position, case in enumerate(reversed(cases)):
        first, second = backwards[2 * position].value, backwards[2 * position + 1].value
        if first is None or first != second or not _near(first, case):
            raise Fault(
                "remembers_earlier_calls",
                "Asked again, in another order, your function answers something else: it remembers earlier calls "
                "(a global, a default argument that changes). Its result may depend on its arguments only.",
                replace(case, expected=None),
            )


def _near(value, case):
    values, expected = (each if isinstance(each, list | tuple) else [each] for each in (value, case.expected))
    return len(values) == len(expected) and all(
        abs(got - right) <= PRECISION * (1 + abs(right)) for got, right in zip(values, expected, strict=True)
    )


def schedule(exercise, *, is_pure=(), area=None, describe=describe_curve, **asked):
    """A schedule: its rates at every step, the `area` under a long run, and no memory of earlier calls.

    What has been called, and is called again in another order, are the runs of `values`, and `is_pure`.
    """
    if area is not None:
        asked["area"] = once_right(1, runs(area), test=has_the_right_area)
    asked["is_pure"] = once_right(1, *asked["values"].sources, *is_pure, test=remembers_nothing)
    return function(exercise, describe=describe, **asked)


# -------------------------------------------------------------------------------------------- step_decay

STAIRS = runs(
    (range(11), {"base_lr": 0.8, "step_size": 3, "gamma": 0.5}),
    (range(22), {"base_lr": 0.3, "step_size": 5, "gamma": 0.7}),
    (range(6), {"base_lr": 1.7, "step_size": 1, "gamma": 0.9}),
    (range(17), {"base_lr": 0.06, "step_size": 4, "gamma": 0.3}),
    (range(9), {"base_lr": 2.5, "step_size": 2, "gamma": 0.85}),
    (range(9), {"base_lr": 3e-4, "step_size": 4, "gamma": 0.35}),
)
DEFAULT_STAIRS = runs((range(19), {"base_lr": 0.7, "step_size": 3}))
LATE_STAIRS = runs(
    ((299, 300, 599, 600, 901), {"base_lr": 0.4, "step_size": 300, "gamma": 0.2}),
    ((48, 49, 98), {"base_lr": 0.4, "step_size": 49, "gamma": 0.2}),  # 49 * (1 / 49) is below 1
)
# Nothing is rounded or limited: rates that are tiny or large go down like all others, in runs of any length.
EXTREME_STAIRS = runs(
    (range(9), {"base_lr": 4e-9, "step_size": 2, "gamma": 0.3}),
    ((0, 699, 700, 4900), {"base_lr": 120.0, "step_size": 700, "gamma": 0.996}),
    (range(6), {"base_lr": 12.0, "step_size": 2, "gamma": 0.04}),
    (range(6), {"base_lr": 0.3, "step_size": 2, "gamma": 1.5}),  # as in a test for the largest rate that works
)


test_step_decay = schedule(
    "schedules.step_decay",
    values=worth(6, STAIRS),
    default_and_late_in_a_run=worth(2, DEFAULT_STAIRS, LATE_STAIRS, EXTREME_STAIRS),
    area=(range(400), {"base_lr": 0.9, "step_size": 70, "gamma": 0.6}),
)


# ------------------------------------------------------------------------------------- exponential_decay

DECAYS = runs(
    (range(7), {"base_lr": 0.8, "gamma": 0.5}),
    (range(12), {"base_lr": 0.3, "gamma": 0.9}),
    (range(9), {"base_lr": 1.7, "gamma": 0.75}),
    (range(10), {"base_lr": 0.06, "gamma": 0.2}),
    (range(0, 60, 7), {"base_lr": 2.5, "gamma": 0.98}),
)
LATE_DECAYS = runs(((10, 100, 800), {"base_lr": 0.4, "gamma": 0.999}), (range(4), {"base_lr": 0.4, "gamma": 1.0}))
EXTREME_DECAY = runs(
    (range(5), {"base_lr": 4e-9, "gamma": 0.3}),
    ((0, 3, 1500, 4000), {"base_lr": 120.0, "gamma": 0.9996}),
    (range(4), {"base_lr": 12.0, "gamma": 0.04}),
)


test_exponential_decay = schedule(
    "schedules.exponential_decay",
    values=worth(6, DECAYS),
    late_in_a_run=worth(2, LATE_DECAYS, EXTREME_DECAY),
    area=(range(400), {"base_lr": 0.9, "gamma": 0.985}),
)


# -------------------------------------------------------------------------------------- cosine_annealing

# Runs whose length is the key, from the first step to the last: their other arguments.
SHAPES = {
    4: {"max_lr": 0.9, "min_lr": 0.1},
    7: {"max_lr": 1.3, "min_lr": 0.25},
    10: {"max_lr": 0.3, "min_lr": 0.02},
    1: {"max_lr": 0.5, "min_lr": 0.2},
    2: {"max_lr": 2.5, "min_lr": 0.5},
    13: {"max_lr": 0.07, "min_lr": 0.03},
}
WAVES = runs(*((range(total), {"total_steps": total, **rest}) for total, rest in SHAPES.items()))
DEFAULT_WAVE = runs((range(6), {"total_steps": 6, "max_lr": 0.7}))
AFTER_THE_WAVE = runs(
    *(
        ((*range(total, 2 * total + 3), 3 * total, 10 * total + 3), {"total_steps": total, **rest})
        for total, rest in SHAPES.items()
    ),
    ((6, 7, 9, 12, 25), {"total_steps": 6, "max_lr": 0.7}),
)
EXTREME_WAVE = runs(
    (range(5), {"total_steps": 5, "max_lr": 4e-9, "min_lr": 1.1e-9}),
    ((0, 3, 1500, 4000), {"total_steps": 5000, "max_lr": 120.0, "min_lr": 30.0}),
)


test_cosine_annealing = schedule(
    "schedules.cosine_annealing",
    values=worth(5, WAVES),
    default_and_tiny=worth(1, DEFAULT_WAVE, EXTREME_WAVE),
    after_the_end=worth(2, AFTER_THE_WAVE),
    area=(range(400), {"total_steps": 360, "max_lr": 0.9, "min_lr": 0.01}),
    is_pure=(AFTER_THE_WAVE,),
)


# --------------------------------------------------------------------------------------- cosine_restarts

PERIODS = runs(*((range(4 * period + 2), {"period": period, **rest}) for period, rest in SHAPES.items()))
DEFAULT_PERIOD = runs((range(14), {"period": 6, "max_lr": 0.7}))
MANY_PERIODS = runs(
    ((69, 70, 71, 699, 700, 701, 1400, 1404), {"period": 7, "max_lr": 1.3, "min_lr": 0.25}),
    ((39, 40, 1203), {"period": 4, "max_lr": 0.6}),
    ((48, 49, 98), {"period": 49, "max_lr": 0.6}),  # 49 * (1 / 49) is below 1
)
EXTREME_PERIODS = runs(
    (range(6), {"period": 3, "max_lr": 4e-9, "min_lr": 1.1e-9}),
    ((0, 3, 1500, 4000, 5000, 8000), {"period": 5000, "max_lr": 120.0, "min_lr": 30.0}),
)


test_cosine_restarts = schedule(
    "schedules.cosine_restarts",
    values=worth(6, PERIODS),
    default_and_after_many_periods=worth(2, DEFAULT_PERIOD, MANY_PERIODS, EXTREME_PERIODS),
    area=(range(400), {"period": 60, "max_lr": 0.9, "min_lr": 0.01}),
)


# ----------------------------------------------------------------------------------------- warmup_cosine


def warmed_up(warm, total, **rest):
    return {"warmup_steps": warm, "total_steps": total, **rest}


WARMED_UP = (
    warmed_up(2, 6, max_lr=0.8, min_lr=0.2),
    warmed_up(4, 11, max_lr=1.3, min_lr=0.25),
    warmed_up(3, 13, max_lr=0.3, min_lr=0.02),
    warmed_up(7, 10, max_lr=2.5, min_lr=0.5),
    warmed_up(5, 9, max_lr=0.07, min_lr=0.03),
)
CLIMBS_AND_WAVES = runs(*((range(rest["total_steps"]), rest) for rest in WARMED_UP))
AFTER_THE_CLIMB = runs(
    *(
        ((*range(rest["total_steps"], 2 * rest["total_steps"] + 3), 10 * rest["total_steps"] + 3), rest)
        for rest in WARMED_UP
    ),
)
DEFAULT_CLIMB = runs((range(12), warmed_up(3, 8, max_lr=0.7)))
SHORT_PIECES = runs(
    (range(8), warmed_up(1, 5, max_lr=0.9, min_lr=0.1)),
    (range(9), warmed_up(5, 6, max_lr=0.9, min_lr=0.1)),
    (range(5), warmed_up(1, 2, max_lr=0.9, min_lr=0.1)),
)
WITHOUT_WARMUP = runs(
    (range(7), warmed_up(0, 4, max_lr=0.9, min_lr=0.1)),
    (range(16), warmed_up(0, 7, max_lr=1.3, min_lr=0.25)),
    (range(4), warmed_up(0, 1, max_lr=0.5)),
)
NOTHING_BUT_WARMUP = runs(
    (range(7), warmed_up(4, 4, max_lr=0.9, min_lr=0.1)),
    (range(4), warmed_up(1, 1, max_lr=0.5, min_lr=0.2)),
    (range(11), warmed_up(6, 6, max_lr=0.7)),
)
EXTREME_CLIMB = runs(
    (range(8), warmed_up(3, 7, max_lr=4e-9, min_lr=1.1e-9)),
    ((0, 3, 700, 1000, 1500, 4000, 5000), warmed_up(1000, 5000, max_lr=120.0, min_lr=30.0)),
)


test_warmup_cosine = schedule(
    "schedules.warmup_cosine",
    values=worth(5, CLIMBS_AND_WAVES),
    after_the_end_and_default=worth(2, AFTER_THE_CLIMB, DEFAULT_CLIMB, EXTREME_CLIMB),
    without_warmup=worth(1, WITHOUT_WARMUP),
    with_pieces_of_one_step=worth(1, SHORT_PIECES),
    of_nothing_but_warmup=corner(1, "a run that is all warm-up", NOTHING_BUT_WARMUP),
    area=(range(400), warmed_up(36, 360, max_lr=0.9, min_lr=0.01)),
    is_pure=(AFTER_THE_CLIMB,),
)


# --------------------------------------------------------------------------------------------- one_cycle


def cycle(total, share, **rest):
    return range(total), {"total_steps": total, "max_lr": 0.8, "pct_start": share, **rest}


CYCLES = runs(
    cycle(10, 0.4, div_factor=4.0, final_div_factor=10.0),
    cycle(25, 0.3, div_factor=8.0, final_div_factor=5.0),
    cycle(13, 0.45, div_factor=3.0, final_div_factor=20.0, max_lr=1.7),
    cycle(16, 0.7, div_factor=12.0, final_div_factor=2.0, max_lr=0.3),
    cycle(7, 0.5, div_factor=2.0, final_div_factor=8.0, max_lr=2.5),
    cycle(30, 0.21, div_factor=5.0, final_div_factor=3.0, max_lr=0.06),
)
DEFAULT_CYCLES = runs(
    (range(10), {"total_steps": 10, "max_lr": 0.5}),
    (range(24), {"total_steps": 24, "max_lr": 1.3}),
    cycle(12, 0.25, final_div_factor=7.0),
    cycle(12, 0.35, div_factor=6.0),
)
EXTREME_CYCLE = runs(
    cycle(9, 0.4, div_factor=3.0, final_div_factor=5.0, max_lr=4e-9),
    ((0, 3, 1500, 4000, 4999), cycle(5000, 0.4, div_factor=300.0, final_div_factor=2.0, max_lr=120.0)[1]),
)


test_one_cycle = schedule(
    "schedules.one_cycle",
    values=worth(6, CYCLES),
    defaults=worth(2, DEFAULT_CYCLES, EXTREME_CYCLE),
    area=cycle(400, 0.33, div_factor=6.0, final_div_factor=40.0),
)


# ------------------------------------------------------------------------------------- reduce_on_plateau


@st.composite
def falling_and_resting(draw, dtype):
    """Losses that improve now and then, tie with the best or the epoch before, and get worse for some epochs."""
    losses, best = [draw(st.sampled_from([3.0, 1.0, 5.0, 20.0]))], 1e9
    for move in draw(st.lists(st.sampled_from(["worse", "best", "again", "better", "worse", "less"]), max_size=16)):
        best = min(best, losses[-1])
        losses.append(
            {
                "worse": losses[-1] + 0.5,
                "less": max(losses[-1] - 0.25, best),
                "best": best,
                "again": losses[-1],
                "better": best - 0.125,
            }[move]
        )
    return {
        "val_losses": losses,
        "base_lr": draw(st.sampled_from([0.8, 0.3, 2.5])),
        "factor": draw(st.sampled_from([0.5, 0.3, 0.7])),
        "patience": draw(st.sampled_from([1, 2, 0, 3])),
    }


def resting(losses, patience, **rest):
    return {"val_losses": losses, "base_lr": 0.8, "factor": 0.5, "patience": patience, **rest}


PLATEAUS = one_at_a_time(
    resting([5.0, 4.0, 4.5, 6.0, 4.0, 5.0, 4.25, 4.5, 3.0, 3.0, 2.0], 2),
    resting([2.0, 3.0, 2.5, 2.25, 1.0, 1.5, 0.5, 0.75, 0.5, 0.625, 0.75, 0.5, 0.5, 0.25], 1, factor=0.3),
    resting([7.0] * 15, 3, factor=0.7),
    resting([7.0] * 13, 0, factor=0.3),
    resting([5.0, 6.0, 6.0, 4.0, 6.0, 6.0, 3.0, 4.0, 4.0, 2.0], 2),
    resting([3.0, 4.0, 4.0, 4.0, 2.0, 3.0, 3.0, 1.0, 2.0, 2.0], 1),
    resting([1.0, 2.0, 0.5, 0.5, 0.25, 0.25], 0),
    resting([9.0, 8.0, 7.0, 6.0, 5.0], 2),
    resting([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 4, base_lr=0.3),
    # No loss at all is too high, too low or too close to the best.
    resting([50_000.0, 40_000.0, 45_000.0, 30_000.0, 31_000.0, 29_000.0], 1),
    # However high the best is said to start, the first epoch is better; and no rate is too small to be cut.
    resting([5e12, 6e12, 7e12, 50_000.0, 60_000.0, 5000.0, 6000.0, 500.0, 600.0, 50.0, 60.0, 5.0, 6.0, 0.5, 0.6], 0),
    resting([5.0, 6.0, 7.0, 4.0, 6.0, 6.5], 1, base_lr=4e-9),
    resting([-1.0, -2.0, -1.5, -2.5, -2.5, -2.25, -2.0, -3.0], 1),
    resting([0.5, 0.0, -0.5, -0.25, -1.0, -0.75, -0.5, -1.5], 1),
    resting([1.0, 0.0, 0.5, 0.25, 0.5, 0.75], 1),  # a best loss of 0 is a loss like any other
    resting([1.0, 1.0 - 5e-7, 1.0 - 1e-6, 1.0 - 1.5e-6, 1.0 - 2e-6, 1.0 - 2.5e-6], 1),
    resting([3.0, 2.0, float("inf"), 4.0, 2.5, 1.0], 1),
    resting([0.7], 2),
    resting([0.7], 0),
)
DEFAULT_PLATEAUS = one_at_a_time(
    {"val_losses": [4.0, 3.0, 3.5, 3.25, 3.0, 3.0, 3.0, 3.0, 2.0, 2.5], "base_lr": 0.6},
    {"val_losses": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "base_lr": 0.6, "factor": 0.4},
    {"val_losses": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "base_lr": 0.6, "patience": 1},
)


test_reduce_on_plateau = schedule(
    "schedules.reduce_on_plateau",
    values=worth(7, PLATEAUS, Rates(falling_and_resting, count=24, dtypes=(torch.float64,))),  # of Python's numbers
    defaults=worth(2, DEFAULT_PLATEAUS),
    describe=describe_cuts,
)


# ---------------------------------------------------------------------------------------- linear_scaling


def batches(base_lr, base_batch_size, batch_size):
    return {"base_lr": base_lr, "base_batch_size": base_batch_size, "batch_size": batch_size}


BATCHES = one_at_a_time(
    batches(0.1, 100, 400),
    batches(0.1, 100, 50),
    batches(0.3, 64, 96),
    batches(0.3, 64, 64),
    batches(0.7, 96, 64),
    batches(0.05, 1, 7),
    batches(1.6, 4096, 1),
    batches(0.2, 48, 250),
    batches(0.02, 30, 20_000),
    batches(2.5, 7, 3),
    batches(3e-5, 96, 10),
    batches(4e-9, 64, 24),
)


test_linear_scaling = schedule("schedules.linear_scaling", values=worth(9, BATCHES))
