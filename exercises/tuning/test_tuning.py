"""Public checks of the unit tuning: `pytest exercises/tuning`."""

import math
from pathlib import Path

import torch

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import Statistics, example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.tuning.trainer import ConfigError, config_of, digits, train
from backpass.worker.calls import Call
from backpass.worker.wire import Seed


def draws_from_the_generator(student, inputs, plain=lambda value: value):
    first, again, other = (
        plain(value) for value in student.values([Call({**inputs, "generator": Seed(seed)}) for seed in (1, 1, 2)])
    )
    if first != again:
        raise Fault(
            "generator_ignored", "Two generators with the same seed give different results: draw from `generator` only."
        )
    if first == other:
        raise Fault(
            "always_the_same_draw", "Generators with different seeds give the same result: draw from `generator`."
        )


def decades(inputs, values):
    return {
        "share below 1e-3": (values < 1e-3).double().mean().item(),
        "share above 1e-2": (values > 1e-2).double().mean().item(),
        "share between the ends": ((values >= 1e-4) & (values <= 1e-1)).double().mean().item(),
    }


# 8 standard errors: chance alone goes that far less than once in 1e12 draws.
THIRDS = Statistics(
    decades,
    lambda inputs: {
        "share below 1e-3": (1 / 3, 8 * math.sqrt(2 / 9 / inputs["num"])),
        "share above 1e-2": (1 / 3, 8 * math.sqrt(2 / 9 / inputs["num"])),
        "share between the ends": (1.0, 0.0),
    },
)
MANY = 10_000


@check(
    "tuning.log_uniform",
    example(
        low=1e-4,
        high=1e-1,
        num=MANY,
        generator=Seed(1),
        returns=torch.zeros(MANY, dtype=torch.float64),
        statistics=THIRDS,
    ),
)
def test_log_uniform_has_a_third_in_each_decade(student, cases):
    agree(student, cases)
    draws_from_the_generator(student, {"low": 1e-4, "high": 1e-1, "num": 20}, lambda values: values.tolist())


def folds_of(folds):
    return [tuple(sorted(part.tolist()) for part in pair) for pair in folds]


@check("tuning.k_fold")
def test_k_fold_validates_with_each_sample_once(student):
    for num_samples, k in ((10, 3), (12, 4), (5, 5)):
        inputs = {"num_samples": num_samples, "k": k}
        (folds,) = student.values([Call({**inputs, "generator": Seed(3)})])
        pairs = isinstance(folds, list | tuple) and all(
            isinstance(pair, list | tuple) and len(pair) == 2 for pair in folds
        )
        if not pairs or not all(isinstance(part, torch.Tensor) for pair in folds for part in pair):
            raise Fault("not_pairs", "A list of pairs of tensors is asked for: (train, validation) for each fold.")
        parts = folds_of(folds)
        validated = sorted(index for _, validation in parts for index in validation)
        if len(parts) != k or validated != list(range(num_samples)):
            tell = f"With num_samples = {num_samples} and k = {k}, each sample validates once; yours are {validated}."
            raise Fault("not_each_sample_once", tell)
        if any(sorted(train + validation) != list(range(num_samples)) for train, validation in parts):
            raise Fault("not_the_rest", "In each pair, all samples that do not validate train, and no others.")
    draws_from_the_generator(student, {"num_samples": 100, "k": 4}, folds_of)


LOSSES = {
    (0, 10): 0.5, (1, 10): 0.3, (2, 10): 0.9, (3, 10): 0.4, (4, 10): 0.3,
    (1, 20): 0.3, (3, 20): 0.2, (4, 20): 0.25,
    (3, 40): 0.2, (4, 40): 0.2,
}  # fmt: skip


def evaluate(i, steps):
    """(i, steps) -> a loss of a table"""
    i, steps = int(i), int(steps)
    if (i, steps) not in LOSSES:
        raise ValueError(f"setting {i} is not to be evaluated with {steps} steps")
    return LOSSES[i, steps]


@check(
    "tuning.successive_halving",
    example(evaluate=evaluate, num=5, budget=10, returns=(3, 190)),
    example(evaluate=evaluate, num=2, budget=10, returns=(1, 20)),
    example(evaluate=evaluate, num=1, budget=10, returns=(0, 0)),
)
def test_successive_halving_by_hand(student, cases):
    agree(student, cases)


@check(
    "tuning.accuracy_interval",
    example(correct=9, total=10, returns=(0.595844, 0.982124)),
    example(correct=350, total=360, z=1.0, returns=(0.962167, 0.979662)),
    example(correct=5, total=5, returns=(0.565509, 1.0)),
)
def test_accuracy_interval_by_hand(student, cases):
    agree(student, cases)


def bias(expected, spread):
    return Statistics(
        lambda inputs, value: {"bias": value}, lambda inputs: {"bias": (expected, 8 * spread / math.sqrt(10_000))}
    )


@check(
    "tuning.best_of_seeds_bias",
    example(accuracies=[0.0, 1.0], num=2, generator=Seed(1), returns=0.25, statistics=bias(0.25, 0.433)),
    example(accuracies=[0.9, 0.6, 0.6], num=3, generator=Seed(2), returns=0.1, statistics=bias(0.111111, 0.137)),
)
def test_best_of_seeds_bias_is_drawn(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    draws_from_the_generator(student, {"accuracies": [0.1, 0.5, 0.7], "num": 2})


DIGITS = Path(__file__).resolve().parents[1] / "training" / "digits.csv.gz"
SETTINGS = {"hidden", "epochs", "batch_size", "max_lr", "weight_decay", "dropout", "label_smoothing"}


@check("tuning.chosen_run")
def test_chosen_run_trains(student):
    (chosen,) = student.values([Call({})])
    if not isinstance(chosen, dict) or chosen.keys() != SETTINGS | {"expected_accuracy"}:
        raise Fault(
            "settings_missing", f"A dict is asked for, with {', '.join(sorted(SETTINGS))} and expected_accuracy."
        )
    if type(chosen["expected_accuracy"]) not in (int, float):
        raise Fault("expected_no_accuracy", "expected_accuracy is a number: the accuracy that you expect, in percent.")
    try:
        config = config_of({name: chosen[name] for name in SETTINGS})
        (accuracy,) = train(config, [digits(DIGITS, split=0)], seeds=[0])["accuracy"]
    except ConfigError as error:
        raise Fault("beyond_the_limits", str(error)) from None
    if accuracy < 0.95:
        tell = f"A run with your setting comes to {100 * accuracy:.1f} %: 97 % are needed. Next: backpass tune"
        raise Fault("below_95", tell)
