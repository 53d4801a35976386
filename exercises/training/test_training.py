"""Public checks of the unit training: `pytest exercises/training`. They train on the handwritten digits."""

import math
from pathlib import Path

import numpy
import torch
from torch import tensor

from backpass.judging.assertions import leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Statistics, example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed

DIGITS = Path(__file__).with_name("digits.csv.gz")
FORM = Statistics(measure=lambda inputs, value: {}, theory=lambda inputs: {})


def digits():
    """1,437 of the 1,797 pictures to train on, and 360 to validate: pixels from 0 to 1, and labels."""
    table = torch.from_numpy(numpy.loadtxt(DIGITS, delimiter=",", dtype=numpy.float32))
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    return {"x_train": x[:1437], "y_train": y[:1437], "x_val": x[1437:], "y_val": y[1437:]}


def right(run, x, y):
    """The share of the samples that the trained network gets right."""
    (w1, w2), (b1, b2) = run["weights"], run["biases"]
    logits = (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return (logits.argmax(1) == y).float().mean().item()


def has_the_form(run, shapes, epochs, steps):
    """Five entries, of the right sizes and types."""
    if not isinstance(run, dict):
        raise Fault("not_a_dict", f"`train_mlp` returns {'None' if run is None else f'a {type(run).__name__}'}.")
    sizes = {"weights": 2, "biases": 2, "train_losses": epochs, "val_losses": epochs, "learning_rates": steps}
    for name, size in sizes.items():
        if name not in run:
            raise Fault("key_missing", f"The dict that you return lacks `{name}`.")
        if not isinstance(run[name], list | tuple) or len(run[name]) != size:
            raise Fault(
                "wrong_length", f"`{name}` is asked for as a list of {size} here: {epochs} epochs, {steps} steps."
            )
    got = [tuple(getattr(each, "shape", ())) for each in (*run["weights"], *run["biases"])]
    if got != shapes:
        raise Fault("wrong_shape", f"Weights and biases have the shapes {got}, expected {shapes}.")


@check(
    "training.train_mlp",
    example(
        x_train=tensor([[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.8, 0.1], [0.1, 1.0]]),
        y_train=tensor([0, 1, 0, 1, 0]),
        x_val=tensor([[0.0, 0.9], [1.0, 0.2]]),
        y_val=tensor([0, 1]),
        hidden=3,
        epochs=2,
        batch_size=2,
        max_lr=0.01,
        generator=Seed(0),
        returns={
            "weights": [torch.zeros(3, 2), torch.zeros(2, 3)],
            "biases": [torch.zeros(3), torch.zeros(2)],
            "train_losses": [0.0] * 2,
            "val_losses": [0.0] * 2,
            "learning_rates": [0.0] * 6,
        },
        statistics=FORM,
    ),
)
def test_train_mlp_returns_the_network_and_the_record(student, cases):
    answer = student(cases)[0]
    if answer.raised is not None:
        raise Fault("raises", f"Your code raises {answer.raised.kind}: {answer.raised.text}", status="crashed")
    has_the_form(answer.value, [(3, 2), (2, 3), (3,), (2,)], epochs=2, steps=6)
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("training.train_mlp")
def test_train_mlp_learns_the_digits(student):
    data = digits()
    call = Call({**data, "hidden": 64, "epochs": 16, "batch_size": 64, "max_lr": 0.02, "generator": Seed(0)})
    run, again = student.values([call, call])
    has_the_form(run, [(64, 64), (10, 64), (64,), (10,)], epochs=16, steps=16 * 23)
    rates, first = run["learning_rates"], float(run["train_losses"][0])
    if not rates[0] < 0.5 * max(rates) or not rates[-1] < 0.5 * max(rates):
        raise Fault(
            "wrong_schedule",
            f"The learning rate is to begin low and to end low; yours begins at {rates[0]:.3g}, has its highest value "
            f"{max(rates):.3g}, and ends at {rates[-1]:.3g}.",
        )
    if not first <= math.log(10) + 1:
        raise Fault(
            "starts_too_high",
            f"The first training loss is {first:.3g}. A network that knows nothing has log 10 = 2.303: is the scale of "
            "the initial weights right?",
        )
    share = right(run, data["x_val"], data["y_val"])
    if not share >= 0.95:
        raise Fault(
            "learns_too_little",
            f"{share:.1%} of the validation set come out right, and 95 % are asked for. On the training set it is "
            f"{right(run, data['x_train'], data['y_train']):.1%}; the training loss went from {first:.3g} to "
            f"{float(run['train_losses'][-1]):.3g}.",
        )
    if any(not torch.equal(a, b) for a, b in zip(run["weights"], again["weights"], strict=True)):
        raise Fault(
            "generator_ignored", "Two runs with the same seed end with different weights: draw from `generator` only."
        )
