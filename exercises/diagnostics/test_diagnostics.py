"""Public checks of the unit diagnostics: `pytest exercises/diagnostics`."""

import math

from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import Statistics, example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed


@check(
    "diagnostics.initial_loss",
    example(num_classes=2, returns=0.693147),
    example(num_classes=10, returns=2.302585),
)
def test_initial_loss_of_two_and_ten_classes(student, cases):
    agree(student, cases)


@check("diagnostics.initial_loss", example(num_classes=1, returns=0.0))
def test_initial_loss_without_a_choice(student, cases):
    agree(student, cases)


@check(
    "diagnostics.accuracy",
    example(pred=tensor([0, 1, 1, 2]), labels=tensor([0, 1, 2, 2]), returns=0.75),
    example(pred=tensor([3, 3, 3]), labels=tensor([0, 3, 1]), returns=0.333333),
)
def test_accuracy_is_the_share_of_right_answers(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


LABELS, PRED = tensor([1, 1, 1, 0, 0]), tensor([1, 0, 0, 0, 1])


@check(
    "diagnostics.recall",
    example(pred=PRED, labels=LABELS, returns=0.333333),
    example(pred=PRED, labels=LABELS, positive=0, returns=0.5),
    example(pred=tensor([2, 2, 0, 1]), labels=tensor([2, 2, 2, 0]), positive=2, returns=0.666667),
)
def test_recall_is_the_share_that_is_found(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check("diagnostics.recall", example(pred=PRED, labels=LABELS, positive=4, returns=0.0))
def test_recall_of_an_absent_class(student, cases):
    agree(student, cases)


@check(
    "diagnostics.precision",
    example(pred=PRED, labels=LABELS, returns=0.5),
    example(pred=PRED, labels=LABELS, positive=0, returns=0.333333),
    example(pred=tensor([2, 2, 2, 2, 1]), labels=tensor([2, 0, 1, 0, 2]), positive=2, returns=0.25),
)
def test_precision_is_the_share_of_right_alarms(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check("diagnostics.precision", example(pred=PRED, labels=LABELS, positive=4, returns=0.0))
def test_precision_without_an_alarm(student, cases):
    agree(student, cases)


@check(
    "diagnostics.confusion_matrix",
    example(
        pred=tensor([0, 1, 1, 0]),
        labels=tensor([0, 0, 1, 2]),
        num_classes=3,
        returns=tensor([[1, 1, 0], [0, 1, 0], [1, 0, 0]]),
    ),
    example(
        pred=tensor([1, 1, 0, 1, 1, 1]),
        labels=tensor([0, 0, 0, 1, 1, 0]),
        num_classes=3,
        returns=tensor([[1, 3, 0], [0, 2, 0], [0, 0, 0]]),
    ),
)
def test_confusion_matrix_counts_pairs(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "diagnostics.gradient_report",
    example(
        grads={"w1": tensor([[1e-8, -3e-8]]), "b1": tensor([0.5, -1.5])},
        returns={"w1": (2e-8, "vanishing"), "b1": (1.0, "healthy")},
    ),
    example(
        grads={"w": tensor([300.0, -100.0]), "b": tensor([0.25])},
        low=0.5,
        high=100.0,
        returns={"w": (200.0, "exploding"), "b": (0.25, "vanishing")},
    ),
)
def test_gradient_report_of_three_kinds(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check("diagnostics.gradient_report")
def test_gradient_report_of_what_is_no_number(student):
    calls = [Call({"grads": {"w": tensor([0.5, broken])}}) for broken in (math.nan, math.inf)]
    for report in student.values(calls):
        if not isinstance(report, dict) or report.get("w", (0, ""))[1] != "exploding":
            raise Fault("not_finite_is_healthy", "A gradient with a NaN or an infinite entry is exploding.")


@check(
    "diagnostics.update_ratio",
    example(old=tensor([3.0, 4.0]), new=tensor([3.0, 4.5]), returns=0.1),
    example(old=tensor([[1.0, -2.0], [2.0, 0.0]]), new=tensor([[1.5, -2.0], [2.0, -1.0]]), returns=0.372678),
    example(old=tensor([0.0, 0.0]), new=tensor([0.5, 0.0]), returns=math.inf),
    example(old=tensor([0.0, 0.0]), new=tensor([0.0, 0.0]), returns=0.0),
)
def test_update_ratio_measures_a_step(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


FALLING = [2.3, 1.4, 0.9, 0.6, 0.45, 0.36, 0.31, 0.28, 0.26, 0.245, 0.235, 0.23]
RUNS = {
    "healthy": (FALLING, [2.31, 1.43, 0.93, 0.63, 0.47, 0.38, 0.33, 0.295, 0.275, 0.26, 0.25, 0.245]),
    "overfitting": (
        [2.3, 1.4, 0.9, 0.6, 0.42, 0.3, 0.22, 0.17, 0.13, 0.105, 0.085, 0.07],
        [2.3, 1.3, 0.9, 0.8, 0.85, 0.95, 1.05, 1.2, 1.3, 1.4, 1.5, 1.6],
    ),
    "underfitting": (
        [2.3, 1.8, 1.6, 1.52, 1.5, 1.49, 1.5, 1.49, 1.48, 1.49, 1.49, 1.48],
        [2.31, 1.83, 1.63, 1.55, 1.53, 1.52, 1.53, 1.52, 1.51, 1.52, 1.52, 1.51],
    ),
    "oscillating": (
        [2.3, 0.9, 1.8, 0.95, 1.75, 0.9, 1.85, 0.88, 1.7, 0.92, 1.8, 0.9],
        [2.31, 0.95, 1.85, 1.0, 1.8, 0.9, 1.9, 0.92, 1.75, 0.97, 1.85, 0.93],
    ),
    "diverged": (FALLING[:8] + [9.0, 4e3, math.inf, math.nan], FALLING[:8] + [9.5, 5e3, math.inf, math.nan]),
    "not learning": ([2.303, 2.302, 2.304, 2.303] * 3, [2.304, 2.303, 2.303, 2.302] * 3),
    "spike": (FALLING[:7] + [2.6, 0.33] + FALLING[7:], FALLING[:7] + [2.7, 0.35] + FALLING[7:]),
}


@check(
    "diagnostics.diagnose_curve",
    *(example(train=train, val=val, returns=name) for name, (train, val) in RUNS.items()),
)
def test_diagnose_curve_of_seven_kinds(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "diagnostics.diagnose_curve",
    *(
        example(train=[loss / 50 for loss in train], val=[loss / 50 for loss in val], returns=name)
        for name, (train, val) in RUNS.items()
    ),
)
def test_diagnose_curve_whatever_the_scale(student, cases):
    agree(student, cases)


X = tensor([[1.0, 0.2], [-0.6, 1.3], [0.4, -1.5], [-1.2, -0.7], [1.7, 1.1], [-0.3, 2.2], [2.0, -0.9], [-2.1, 0.8]])
Y = tensor([0, 1, 2, 0, 1, 2, 1, 0])


def losses_of(student, lr, steps, seed=0):
    inputs = {"x": X, "labels": Y, "hidden": 64, "lr": lr, "steps": steps, "generator": Seed(seed)}
    losses = student.values([Call(inputs)])[0]
    if not isinstance(losses, list) or not all(type(loss) is float for loss in losses) or len(losses) != steps:
        raise Fault("wrong_form", f"For steps={steps} a list of {steps} Python floats is asked for.")
    return losses


# The numbers are random: of an answer to this call, only the form is compared.
THREE_STEPS = example(
    x=X,
    labels=Y,
    hidden=64,
    lr=0.1,
    steps=3,
    generator=Seed(0),
    returns=[0.0, 0.0, 0.0],
    statistics=Statistics(measure=lambda inputs, losses: {}, theory=lambda inputs: {}),
)


@check("diagnostics.overfit_one_batch", THREE_STEPS)
def test_overfit_one_batch_starts_near_log_c(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    first = losses_of(student, 0.1, 3)[0]
    if not 0.5 < first < math.log(3) + 3:
        raise Fault("first_loss", f"The first loss is {first:.4g}. Before any step it is near log 3 = 1.0986.")


@check("diagnostics.overfit_one_batch")
def test_overfit_one_batch_is_repeatable(student):
    if losses_of(student, 0.1, 5) != losses_of(student, 0.1, 5):
        raise Fault("generator_ignored", "The same seed gives other losses: draw from `generator` only.")
    if losses_of(student, 0.1, 5) == losses_of(student, 0.1, 5, seed=1):
        raise Fault("always_the_same_weights", "Another seed gives the same losses: draw from `generator`.")


@check("diagnostics.overfit_one_batch")
def test_overfit_one_batch_knows_it_by_heart(student):
    lowest = math.inf
    for lr in (0.1, 0.5, 0.02, 0.003):
        lowest = min(lowest, losses_of(student, lr, 1000)[-1])
        if lowest < 0.01:
            return
    raise Fault("too_high", f"The last of 1000 losses is {lowest:.4g} at best: on eight samples it can be below 0.01.")
