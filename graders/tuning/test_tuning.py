"""Hidden grader of the unit tuning."""

import math
import operator

import torch

from backpass.judging.cases import Statistics, fixed
from backpass.judging.failures import Fault
from backpass.judging.kinds import function, is_pure, once_right, random, worth
from backpass.worker.wire import Seed
from graders.tuning import chance
from graders.tuning.replay import foresees, is_a_run, reaches

# -------------------------------------------------------------------------------------------- log_uniform


def drawn(low, high, num, seed):
    return {"low": low, "high": high, "num": num, "generator": Seed(seed)}


MANY = fixed(
    drawn(1e-4, 1e-1, 1000, 1),
    drawn(0.5, 4e5, 1000, 2),
    drawn(1e-9, 1e-8, 1000, 3),
    statistics=chance.LOGARITHMS,
)
FEW = fixed(
    drawn(1e-4, 1e-1, 1, 5),
    drawn(2.0, 7.0, 3, 6),
    statistics=Statistics(measure=lambda inputs, value: {}, theory=lambda inputs: {}),
)

test_log_uniform = random(
    "tuning.log_uniform",
    generator={"low": 1e-4, "high": 1e-1, "num": 40},
    values=worth(6, MANY, test=chance.are_log_uniform),
    of_few=worth(1, FEW),
    in_double_precision=once_right(1, MANY, test=chance.in_double_precision),
    uses_the_generator=once_right(2),
)


# ------------------------------------------------------------------------------------------------- k_fold

FOLDS = fixed(
    *(
        {"num_samples": samples, "k": k, "generator": Seed(100 * samples + k)}
        for samples, k in ((10, 3), (12, 4), (7, 2), (5, 5), (23, 7), (2, 2), (101, 10), (11, 10))
    ),
    statistics=Statistics(measure=lambda inputs, folds: {}, theory=lambda inputs: {}),
)

test_k_fold = function(
    "tuning.k_fold",
    values=worth(4, FOLDS, test=chance.are_folds),
    are_shuffled=worth(4, test=chance.folds_are_shuffled),
    is_pure=once_right(2),
)


# ------------------------------------------------------------------------------------- successive_halving


MOST_ROUNDS = 16  # many more than any number of settings here is halved in: what comes to them never ends


class Settings:
    """`evaluate(i, steps)`: the losses of a table, of which later columns are for more steps; `log` has the calls."""

    def __init__(self, budget, *table):
        self.budget, self.table, self.log = budget, table, []
        self.__doc__ = f"(i, steps) -> {[list(row) for row in table]}[i][log2(steps / {budget})]"

    def __call__(self, i, steps):
        i, steps = operator.index(i), operator.index(steps)
        if not 0 <= i < len(self.table):
            raise ValueError(f"there are {len(self.table)} settings, counted from 0: {i!r} is none of them")
        if steps <= 0:
            raise ValueError(f"{steps!r} is no number of steps")
        if steps > self.budget << MOST_ROUNDS:
            enough = math.ceil(math.log2(len(self.table)))
            raise RecursionError(
                f"round {MOST_ROUNDS + 1}, where {enough} are enough for {len(self.table)} settings: "
                "nothing ends the loop"
            )
        self.log.append((i, steps))
        row = self.table[i]
        return row[min(max(round(math.log2(steps / self.budget)), 0), len(row) - 1)]


def settings(budget, *table):
    return {"evaluate": Settings(budget, *table), "num": len(table), "budget": budget}


INF = math.inf
HALVINGS = fixed(
    # The best of the first round is not the best of the second.
    settings(10, (0.5, 0.4), (0.3, 0.6), (0.9, 0.1)),
    settings(3, (2.0, 1.0), (1.0, 2.0)),
    settings(7, (5.0, 4.0, 3.0), (4.0, 3.5, 4.0), (3.0, 3.0, 1.0), (6.0, 1.0, 0.5), (2.0, 3.25, 0.0)),
    settings(1, *((float(-loss), float(loss % 4), float(loss % 3)) for loss in range(8))),
    settings(4, *((float(loss * 5 % 7), float(loss * 3 % 7), float(loss), float(-loss)) for loss in range(7))),
    settings(2, *((float(loss * 7 % 11), float(loss * 4 % 11), float(loss), float(-loss)) for loss in range(11))),
    settings(25, *((float((loss - 3) ** 2), float(loss), float(loss * 2 % 5), 0.0) for loss in range(6))),
)
EDGES = fixed(
    settings(5, (1.0,)),
    settings(5, (INF, 1.0), (2.0, INF), (INF, 0.0)),
    settings(5, (INF, INF), (INF, INF), (INF, INF)),
    # Equals, in the first round and in the last.
    settings(6, (1.0, 2.0), (1.0, 2.0), (1.0, 1.0), (1.0, 0.5), (0.5, 2.0)),
    settings(6, (0.0, 0.0), (0.0, 0.0), (-0.0, 0.0)),
    settings(9, (-1.0, -2.0), (-3.0, -1.0), (-2.0, -5.0)),
)


def evaluates_each_once(student, cases):
    """Each survivor of each round is evaluated once, with the steps of that round."""
    is_pure(student, cases)
    for case in cases:
        case.inputs["evaluate"].log.clear()
    student.ask([case.call() for case in cases])
    for case in cases:
        log, right = case.inputs["evaluate"].log, _right_calls(**case.inputs)
        if sorted(log) != right:
            raise Fault("evaluated_too_often" if len(log) > len(right) else "other_evaluations", case=case)


def _right_calls(evaluate, num, budget):
    calls, left = [], list(range(num))
    while len(left) > 1:
        calls += [(i, budget) for i in left]
        place = round(math.log2(budget / evaluate.budget))
        rank = {i: (evaluate.table[i][min(place, len(evaluate.table[i]) - 1)], i) for i in left}
        left, budget = sorted(left, key=rank.get)[: math.ceil(len(left) / 2)], 2 * budget
    return sorted(calls)


test_successive_halving = function(
    "tuning.successive_halving",
    values=worth(6, HALVINGS),
    at_the_edges=worth(2, EDGES),
    is_pure=once_right(2, HALVINGS, EDGES, test=evaluates_each_once),
)


# -------------------------------------------------------------------------------------- accuracy_interval


def counts(*pairs, **rest):
    # Integers come in, floats go out: they may have been computed in float32 on the way.
    return fixed(*({"correct": correct, "total": total, **rest} for correct, total in pairs), precision=torch.float32)


PAIRS = ((9, 10), (3, 7), (27, 30), (350, 360), (1, 4), (12, 25))

test_accuracy_interval = function(
    "tuning.accuracy_interval",
    values=worth(5, counts(*PAIRS, z=1.0), counts(*PAIRS, z=2.576)),
    default=worth(2, counts(*PAIRS)),
    of_all_or_nothing=worth(
        2, counts((10, 10), (0, 10), (0, 1), (1, 1), (5, 5), (0, 3)), counts((4, 9), (9, 9), z=0.0)
    ),
)


# ------------------------------------------------------------------------------------- best_of_seeds_bias


def runs(accuracies, num, seed, **rest):
    return {"accuracies": accuracies, "num": num, "generator": Seed(seed), **rest}


DIGITS = [0.967, 0.972, 0.978, 0.961, 0.975, 0.972, 0.969, 0.981]
BOOTSTRAPS = fixed(
    runs(DIGITS, 5, 1, draws=3000),
    runs(DIGITS, 3, 2, draws=2000),
    runs([0.2, 0.9, 0.4], 2, 3, draws=2000),
    runs([93.5, 97.25, 95.0, 99.0, 90.0], 4, 4, draws=2000),
    runs([0.5, 0.1, 0.1, 0.1], 8, 5, draws=1000),
    statistics=chance.BIAS,
)
PLAIN = fixed(
    runs(DIGITS, 1, 6),
    runs([0.7], 5, 7, draws=100),
    runs([0.7, 0.7, 0.7], 2, 8, draws=10),
    runs([0.1, 0.9], 40, 9, draws=100),
    statistics=chance.BIAS,
)

test_best_of_seeds_bias = random(
    "tuning.best_of_seeds_bias",
    generator={"accuracies": DIGITS, "num": 3, "generator": None, "draws": 500},
    what="number",
    values=worth(5, BOOTSTRAPS),
    of_plain_runs=worth(1, PLAIN),
    draws=once_right(2, test=chance.draws_so_many),
    uses_the_generator=once_right(1),
)


# --------------------------------------------------------------------------------------------- chosen_run

test_chosen_run = function(
    "tuning.chosen_run",
    values=worth(2, test=is_a_run),
    reaches_95=worth(8, test=lambda student: reaches(student, 95.0)),
    reaches_97=worth(9, test=lambda student: reaches(student, 97.0)),
    foresees_its_accuracy=worth(10, test=foresees),
    is_pure=once_right(1, fixed({})),
)
