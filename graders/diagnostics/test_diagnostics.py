"""Hidden grader of the unit diagnostics."""

import math
from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.cases import ROUNDINGS, Draw, draw, fixed
from backpass.judging.kinds import corner, function, once_right, worth
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.diagnostics import overfitting
from graders.diagnostics.curves import drawn
from graders.diagnostics.lacks import (
    about_a_broken_gradient,
    about_a_first_loss,
    about_a_report,
    about_accuracy,
    about_precision,
    about_recall,
    of_numbers,
    telling,
)
from graders.diagnostics.overfitting import batch
from graders.diagnostics.verdicts import clinic, diagnosed

FLOAT32 = (torch.float32,)
# Integers come in, a Python float goes out: it may have been computed in float32 on the way.
OF_INTEGERS = {"dtypes": FLOAT32, "precision": torch.float32}


def class_counts(dtype):
    return st.fixed_dictionaries({"num_classes": st.sampled_from([2, 3, 4, 5, 7, 12, 37])})


COUNTS = draw(
    class_counts, count=6, **OF_INTEGERS, always=tuple({"num_classes": count} for count in (10, 100, 1000, 50257))
)


test_initial_loss = function(
    "diagnostics.initial_loss",
    values=worth(8, COUNTS, test=telling(about_a_first_loss)),
    without_a_choice=once_right(1, fixed({"num_classes": 1}, precision=torch.float32)),
)


@st.composite
def predictions(draw, dtype, smallest=1):
    """Labels, and predictions that are right about half of the time."""
    count, classes = draw(st.integers(smallest, 24)), draw(some.sizes(2, 5))
    labels, guesses = draw(some.labels(count, classes)), draw(some.labels(count, classes))
    is_right = torch.tensor(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return {"pred": torch.where(is_right, labels, guesses), "labels": labels}


@st.composite
def predictions_for_a_class(draw, dtype):
    case = draw(predictions(dtype))
    positive = draw(st.sampled_from(case["labels"].tolist()))
    return case | {"positive": positive}


@st.composite
def predictions_for_class_one(draw, dtype):
    """The default class; at least one sample has it."""
    case = draw(predictions(dtype, smallest=2))
    case["labels"][0] = 1
    return case


@st.composite
def without_the_class(draw, dtype):
    """No sample has the class; some predictions may."""
    case = draw(predictions(dtype))
    return case | {"positive": 1 + int(case["labels"].max())}


def rare_class(count, positives, found):
    """A class of `positives` among `count`, of which `found` are found."""
    labels, pred = torch.zeros(count, dtype=torch.int64), torch.zeros(count, dtype=torch.int64)
    labels[:positives], pred[:found] = 1, 1
    return {"pred": pred, "labels": labels}


ONE = torch.tensor([1])
RARE = (rare_class(200, 2, 0), rare_class(300, 3, 1), rare_class(100, 5, 5))
ALL_AND_NOTHING = (
    {"pred": ONE, "labels": ONE},
    {"pred": ONE, "labels": 0 * ONE},
    {"pred": torch.tensor([0, 1, 2]), "labels": torch.tensor([0, 1, 2])},
    {"pred": torch.tensor([0, 1, 2]), "labels": torch.tensor([1, 2, 0])},
)
# More classes than one would write out by hand.
MANY = {"pred": torch.tensor([0, 7, 11, 3, 9, 0, 5, 9]), "labels": torch.tensor([0, 7, 10, 3, 9, 6, 5, 8])}
PREDICTIONS = draw(predictions, count=24, **OF_INTEGERS, always=(*RARE, *ALL_AND_NOTHING, MANY))
FOR_A_CLASS = draw(predictions_for_a_class, count=20, **OF_INTEGERS, always=(MANY | {"positive": 9},))
FOR_CLASS_ONE = draw(predictions_for_class_one, count=12, **OF_INTEGERS, always=RARE)
ABSENT = draw(
    without_the_class,
    count=6,
    **OF_INTEGERS,
    always=({"pred": 0 * ONE, "labels": 0 * ONE}, {"pred": ONE, "labels": 0 * ONE}),
)


test_accuracy = function("diagnostics.accuracy", values=worth(9, PREDICTIONS, test=of_numbers(about_accuracy)))
test_recall = function(
    "diagnostics.recall",
    values=worth(7, FOR_A_CLASS, FOR_CLASS_ONE, test=of_numbers(about_recall)),
    of_an_absent_class=once_right(2, ABSENT),
)


def exchanged(strategy):
    """With predictions for labels and labels for predictions: a precision is the recall of these."""
    return some.with_changes(strategy, lambda case: {"pred": case["labels"], "labels": case["pred"]})


test_precision = function(
    "diagnostics.precision",
    values=worth(
        7,
        draw(exchanged(predictions_for_a_class), count=16, **OF_INTEGERS, always=(MANY | {"positive": 9},)),
        draw(exchanged(predictions_for_class_one), count=8, **OF_INTEGERS, always=RARE[1:]),
        test=of_numbers(about_precision),
    ),
    without_an_alarm=once_right(
        2,
        draw(exchanged(without_the_class), count=4, **OF_INTEGERS, always=(RARE[0], {"pred": 0 * ONE, "labels": ONE})),
    ),
)


@st.composite
def predictions_of_classes(draw, dtype):
    """Up to two classes that nothing is of, at the end; any other may be missing as well."""
    case = draw(predictions(dtype))
    seen = 1 + max(int(case["pred"].max()), int(case["labels"].max()))
    return case | {"num_classes": seen + draw(st.sampled_from([1, 0, 2]))}


test_confusion_matrix = function(
    "diagnostics.confusion_matrix",
    values=worth(
        9,
        draw(
            predictions_of_classes,
            count=14,
            **OF_INTEGERS,
            always=(
                *(each | {"num_classes": 3} for each in ALL_AND_NOTHING[2:]),
                rare_class(300, 3, 1) | {"num_classes": 2},
                {"pred": 0 * ONE, "labels": 0 * ONE, "num_classes": 1},
                MANY | {"num_classes": 12},
            ),
        ),
    ),
)


class Sizes(Draw):
    """Cases whose result is a dict of (size, verdict). A mean of absolute values loses no digits, however small."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        eps = torch.finfo(case.dtype or torch.float32).eps
        tolerance = {
            name: [ROUNDINGS * eps * size if math.isfinite(size) else 0.0, 0]
            for name, (size, _) in case.expected.items()
        }
        return replace(case, tolerance=tolerance)


@st.composite
def weights_before_and_after(draw, dtype):
    case = draw(some.inputs(old="...", new="...")(dtype))
    old = torch.where(case["old"] == 0, 0.75, case["old"]) * draw(st.sampled_from([1.0, 40.0, 0.03]))
    share = draw(st.sampled_from([1e-3, 0.5, 3.0]))
    return {"old": old, "new": old + share * old.abs().mean() * case["new"]}


AT_ZERO = some.in_dtypes(
    {"old": [0.0, 0.0, 0.0], "new": [0.0, -0.25, 2.0]},
    {"old": [[1.5, -2.0]], "new": [[1.5, -2.0]]},
    {"old": [[1.5, -2.0], [0.0, 4.0]], "new": [[0.0, 0.0], [0.0, 0.0]]},
)
TINY = some.in_dtypes({"old": [3e-7, -4e-7], "new": [3e-7, -3e-7]})  # weights far below what is added to denominators
ALL_ZERO = some.in_dtypes({"old": [[0.0], [0.0]], "new": [[0.0], [0.0]]})
test_update_ratio = function(
    "diagnostics.update_ratio",
    values=worth(6, draw(weights_before_and_after, count=10), fixed(*TINY)),
    from_zero_and_without_a_change=worth(2, fixed(*AT_ZERO)),
    of_nothing=corner(1, "weights that are zero before and after", fixed(*ALL_ZERO)),
)


NAMES = ("w1", "b1", "w2", "b2", "encoder.weight", "head.bias")
# Far from the limits, whatever is drawn: entries are between 0.5 and 7.3 in size before they are scaled.
SCALES = {"default": (1e-9, 1e-8, 1e-3, 1.0, 30.0, 1e5, 1e7), "given": (1e-5, 1e-4, 1.0, 120.0, 1e4)}


@st.composite
def gradients(draw, dtype, scales=SCALES["default"]):
    count = draw(st.integers(1, 4))
    grads = {}
    for name in draw(st.permutations(NAMES))[:count]:
        shape = draw(st.sampled_from([(2, 3), (3,), (4, 2), (1,), (), (5, 1), (2, 2, 3)]))
        grad = draw(some.tensors(shape, torch.float64))
        grad = torch.where(grad.abs() < 0.5, -0.75, grad)
        grads[name] = some.as_laid_out(grad, grad * draw(st.sampled_from(scales))).to(dtype)
    return {"grads": grads}


@st.composite
def gradients_with_limits(draw, dtype):
    """With limits of the caller's: what is healthy by default is not, and the other way round."""
    case = draw(gradients(dtype, SCALES["given"]))
    return case | {"low": draw(st.sampled_from([2e-3, 1e-2])), "high": draw(st.sampled_from([50.0, 20.0]))}


# Zeros, nothing at all, and single entries that a maximum, a norm or a median sees in another light.
UNUSUAL = some.in_dtypes(
    *(
        {"grads": grads}
        for grads in (
            {},
            {"w": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]], "b": [1.0, 1.0]},
            {"lonely": [0.0] * 17 + [-5e4] + [0.0] * 982, "b": [-3.0]},
            {"balanced": [4e4, -4e4]},
        )
    )
)
# Gradients of which an entry, or every entry, is no number.
NO_NUMBERS = some.in_dtypes(
    *(
        {"grads": grads}
        for value in (math.nan, math.inf, -math.inf)
        for grads in (
            {"w": [[0.5, value], [-0.25, 1.0]], "b": [1.0, 1.0, 1.0]},
            {"tiny": [1e-9, value]},
            {"all": [value, value]},
            {"w": [math.inf, math.nan, 1.0]},
        )
    )
)
GRADIENTS, LIMITED = Sizes(gradients, count=14, always=UNUSUAL), Sizes(gradients_with_limits, count=10)
BROKEN = Sizes(None, always=NO_NUMBERS)


test_gradient_report = function(
    "diagnostics.gradient_report",
    values=worth(6, GRADIENTS, LIMITED, test=telling(about_a_report)),
    of_what_is_no_number=once_right(3, BROKEN, test=telling(about_a_broken_gradient)),
    is_pure=once_right(1, GRADIENTS, LIMITED, BROKEN),
)


def as_cases(runs):
    return fixed(*({"train": run.train, "val": run.val} for run in runs))


DRAWN = tuple(drawn((2.3, 0.69, 4.6, 1.4, 3.0), seed=1))
SCALED = tuple(drawn((0.02, 150.0), seed=2, lengths=(25, 36)))
CLINIC = tuple(clinic())


REAL_RUNS = as_cases(CLINIC)
test_diagnose_curve = function(
    "diagnostics.diagnose_curve",
    values=worth(5, as_cases(DRAWN), test=diagnosed(DRAWN)),
    of_real_runs=worth(2, REAL_RUNS, test=diagnosed(CLINIC)),
    whatever_the_scale=worth(2, as_cases(SCALED), test=diagnosed(SCALED)),
    is_pure=once_right(1, REAL_RUNS),
)


SHORT = fixed(
    {**batch(8, 20, 4, seed=1), "hidden": 6, "lr": 0.1, "steps": 4, "generator": Seed(1)},
    {**batch(5, 3, 2, seed=2), "hidden": 4, "lr": 0.02, "steps": 7, "generator": Seed(2)},
    {**batch(1, 2, 1, seed=3), "hidden": 3, "lr": 0.1, "steps": 1, "generator": Seed(3)},
)


test_overfit_one_batch = function(
    "diagnostics.overfit_one_batch",
    values=worth(7, SHORT, test=overfitting.learns_by_heart),
    uses_the_generator=once_right(2, test=overfitting.uses_the_generator),
    notes_the_loss_before_the_step=once_right(2, test=overfitting.notes_the_loss_before_the_step),
    notes_losses_that_rise=once_right(1, test=overfitting.notes_losses_that_rise),
    bends=once_right(2, test=overfitting.bends),
    trains_every_layer=once_right(1, test=overfitting.trains_every_layer),
    counts_classes_without_a_sample=once_right(1, test=overfitting.counts_classes_without_a_sample),
    uses_hidden_and_the_dtype=once_right(1, test=overfitting.uses_hidden_and_the_dtype),
)
