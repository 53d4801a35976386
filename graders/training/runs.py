"""The runs that a submission is asked for, small ones so that a slip shows, and the form of what is to come back."""

import functools
import math
from pathlib import Path

import numpy
import torch

from backpass.judging.cases import Case
from backpass.judging.failures import Fault
from backpass.worker.wire import Seed, Unsupported
from graders.training.replay import loss_of

DIGITS = Path(__file__).resolve().parents[2] / "exercises" / "training" / "digits.csv.gz"
KEYS = ("weights", "biases", "train_losses", "val_losses", "learning_rates")
STILL = 1e-12  # a rate at which no weight moves


def clusters(num_samples, num_features, num_classes, seed):
    """Samples around one centre for each class; the first feature is always 0."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(num_samples) % num_classes
    centres = torch.randn(num_classes, num_features, generator=generator)
    x = 0.3 * (centres[labels] + 0.6 * torch.randn(num_samples, num_features, generator=generator))
    x[:, 0] = 0
    order = torch.randperm(num_samples, generator=generator)
    return x[order], labels[order]


def run(x, y, x_val, y_val, hidden=6, epochs=3, batch_size=4, max_lr=0.03, seed=3):
    names = ("x_train", "y_train", "x_val", "y_val", "hidden", "epochs", "batch_size", "max_lr", "generator")
    return dict(zip(names, (x, y, x_val, y_val, hidden, epochs, batch_size, max_lr, Seed(seed)), strict=True))


X, Y = clusters(11, 5, 3, seed=1)
X_VAL, Y_VAL = clusters(6, 5, 3, seed=2)
EPOCHS = 10
INSIDE = torch.tensor([2, 0, 3, 1, 7, 6, 5, 4, 9, 10, 8])  # stays within batches of 4, 4 and 3
ACROSS = torch.tensor([10, 4, 0, 9, 1, 5, 8, 2, 6, 3, 7])

EVEN = torch.cat([(label == Y).nonzero()[:3, 0] for label in range(3)])
SMALL = X[EVEN] / 1000

# The first is small: it is traced down to torch's operators.
PROBES = {
    "tiny": run(X[:5], Y[:5], X_VAL, Y_VAL, hidden=2, epochs=2, batch_size=2),
    "still": run(X, Y, X_VAL, Y_VAL, max_lr=STILL),
    "mini": run(X, Y, X_VAL, Y_VAL),
    "again": run(X, Y, X_VAL, Y_VAL),
    "other seed": run(X, Y, X_VAL, Y_VAL, seed=4),
    "inside": run(X[INSIDE], Y[INSIDE], X_VAL, Y_VAL),
    "across": run(X[ACROSS], Y[ACROSS], X_VAL, Y_VAL),
    "other validation set": run(X, Y, X_VAL.flip(0) + 0.2, Y_VAL.roll(1)),
    "whole": run(X, Y, X_VAL, Y_VAL, epochs=EPOCHS, batch_size=len(X)),
    "whole still": run(X, Y, X_VAL, Y_VAL, epochs=EPOCHS, batch_size=len(X), max_lr=STILL),
    "first step": run(X, Y, X_VAL, Y_VAL, epochs=2, batch_size=len(X), max_lr=1e-3),
    "first step still": run(X, Y, X_VAL, Y_VAL, epochs=2, batch_size=len(X), max_lr=STILL),
    "small": run(SMALL, Y[EVEN], X_VAL, Y_VAL, epochs=EPOCHS, batch_size=len(SMALL)),
    "large": run(1000 * X, Y, X_VAL, Y_VAL, epochs=EPOCHS, batch_size=len(X)),
}
PAIRS = [
    run(X[:3], torch.arange(3), X_VAL, Y_VAL, epochs=2, batch_size=3, max_lr=max_lr, seed=seed)
    for seed in range(4)
    for max_lr in (0.03, STILL)
]
WIDE = run(*clusters(10, 60, 10, seed=7), *clusters(10, 60, 10, seed=8), hidden=500, epochs=1, max_lr=STILL)
# Two samples, so that an epoch is one of two orders.
TURNS = [run(X[1:3], torch.arange(2), X_VAL, Y_VAL % 2, epochs=4, batch_size=1, max_lr=lr) for lr in (0.03, STILL)]
# Three samples in twos, so that an epoch is one of three.
SHORT = [run(X[:3], torch.arange(3), X_VAL, Y_VAL, epochs=2, batch_size=2, max_lr=lr) for lr in (0.03, STILL)]
ORDERS = [
    run(X[:4], Y[:4], X_VAL, Y_VAL, epochs=2, batch_size=1, max_lr=max_lr, seed=seed)
    for seed in range(8)
    for max_lr in (0.03, STILL)
]
OTHER_SIZES = [
    run(*clusters(9, 2, 2, seed=3), *clusters(4, 2, 2, seed=4), hidden=1, epochs=1, batch_size=2),
    run(*clusters(30, 7, 12, seed=5), *clusters(12, 7, 12, seed=6), hidden=16, epochs=2, batch_size=64),
    run(*clusters(4, 3, 2, seed=5), *clusters(2, 3, 2, seed=6), hidden=5, epochs=4, batch_size=1),
]


@functools.cache
def digits():
    """The handwritten digits: x_train, y_train, x_val, y_val."""
    table = torch.from_numpy(numpy.loadtxt(DIGITS, delimiter=",", dtype=numpy.float32))
    # Of the first ten ways to deal them out, the one on which right runs differ least: they get 98 to 99 %.
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(7))
    x, y = table[order, :-1] / 16, table[order, -1].long()
    return x[:1437], y[:1437], x[1437:], y[1437:]


@functools.cache
def cases_of(name, device):
    """The cases of one request, the same list in every check, so that each is asked once."""
    if name == "digits":
        inputs = [PROBES["tiny"], run(*digits(), hidden=64, epochs=16, batch_size=64, max_lr=0.02, seed=0)]
    else:
        inputs = {
            "probes": [*PROBES.values()],
            "pairs": PAIRS,
            "turns": [PROBES["tiny"], *TURNS],
            "short": [PROBES["tiny"], *SHORT],
            "orders": ORDERS,
            "wide": [PROBES["tiny"], WIDE],
            "other sizes": [PROBES["tiny"], *OTHER_SIZES],
        }[name]
    return [Case(each, device=device) for each in inputs]


class Run:
    """One run of the submission's, in the form that it should have; a Fault where it does not have it.

    Where there are as many rates as epochs, it takes several runs to tell what the batches were.
    """

    def __init__(self, inputs, value):
        self.one_rate_an_epoch = None
        self.inputs = inputs
        if not isinstance(value, dict):
            what = "None" if value is None else f"a {type(value).__name__}"
            raise Fault(
                "returns_none" if value is None else "not_a_dict",
                f"`train_mlp` returns {what}, and a dict with {_list(KEYS)} is asked for.",
            )
        missing = [key for key in KEYS if key not in value]
        if missing:
            raise Fault("key_missing", f"The dict that you return lacks {_list(missing)}.")
        self._check_parameters(value["weights"], value["biases"])
        self.weights, self.biases = list(value["weights"]), list(value["biases"])
        self.params = self.weights + self.biases
        self.rates = self._rates(value["learning_rates"])
        self.train_losses = self._losses("train_losses", value["train_losses"])
        self.val_losses = self._losses("val_losses", value["val_losses"])
        numbers = [*self.params, torch.tensor(self.rates + self.train_losses + self.val_losses)]
        if not all(bool(each.isfinite().all()) for each in numbers):
            raise Fault(
                "not_finite",
                "There is NaN or infinity in what you return: somewhere a number left the range of floats. The usual "
                "places are log(0), exp of a large number, and a division by 0, such as 1 - beta ** t at t = 0 or by "
                "the steps of a warm-up that has none.",
            )

    @property
    def steps(self):
        inputs = self.inputs
        return inputs["epochs"] * math.ceil(len(inputs["x_train"]) / inputs["batch_size"])

    def _check_parameters(self, weights, biases):
        inputs = self.inputs
        features, hidden = inputs["x_train"].shape[1], inputs["hidden"]
        classes = int(inputs["y_train"].max()) + 1
        wanted = {"weights": ((hidden, features), (classes, hidden)), "biases": ((hidden,), (classes,))}
        for name, given, shapes in zip(wanted, (weights, biases), wanted.values(), strict=True):
            if not isinstance(given, list | tuple) or not all(isinstance(each, torch.Tensor) for each in given):
                raise Fault("wrong_type", f"`{name}` is asked for as a list of tensors, first layer first.")
            if len(given) != 2:
                raise Fault("wrong_length", f"`{name}` has {len(given)} tensors; the network has two layers.")
            got = tuple(tuple(each.shape) for each in given)
            if got != shapes:
                self._wrong_shape(name, got, shapes)
            for each in given:
                if each.dtype != inputs["x_train"].dtype:
                    raise Fault("wrong_dtype", f"`{name}` has {each.dtype}, and x_train {inputs['x_train'].dtype}.")

    def _wrong_shape(self, name, got, shapes):
        note = f"`{name}` has the shapes {_list(got)}, expected {_list(shapes)}."
        if got == tuple(shape[::-1] for shape in shapes) and name == "weights":
            raise Fault("weights_transposed", f"{note} Weights are (out, in), as everywhere in this course.")
        if got == shapes[::-1]:
            raise Fault("layers_in_reverse", f"{note} The first layer comes first.")
        if name == "weights" and len(got[0]) == len(got[1]) == 2:
            if got[0][0] != shapes[0][0] and got[0][0] == got[1][1]:
                raise Fault("hidden_ignored", note)
            if got[1][0] in (10, 11) or got[0][1] == 64:
                raise Fault("sizes_of_the_digits_only", note)
        raise Fault("wrong_shape", note)

    def _rates(self, rates):
        if not isinstance(rates, list | tuple):
            raise Fault("wrong_type", "`learning_rates` is asked for as a list of Python floats, one a step.")
        self._check_number_of_rates(len(rates))
        for rate in rates:
            if isinstance(rate, bool) or not isinstance(rate, int | float):
                raise Fault(
                    "rates_not_floats",
                    f"`learning_rates` holds a {_type(rate)}; a learning rate is a Python float.",
                )
        return [float(rate) for rate in rates]

    def _check_number_of_rates(self, number):
        inputs = self.inputs
        epochs, size, samples = inputs["epochs"], inputs["batch_size"], len(inputs["x_train"])
        if number == self.steps:
            return
        note = (
            f"With {samples} samples, batches of {size} and {epochs} epochs there are {self.steps} steps; "
            f"`learning_rates` has {number} entries."
        )
        if number == epochs * (samples // size):
            raise Fault("last_batch_dropped", note, about="the batches")
        if number == epochs * math.ceil((samples + len(inputs["x_val"])) / size):
            raise Fault("trains_on_the_validation_set", note)
        if number == epochs:
            self.one_rate_an_epoch = Fault("one_rate_an_epoch", note)
            return
        if number == self.steps + 1:
            note += " Is the rate after the last step, or before the first one, noted too?"
        elif number == 4 * self.steps:
            note += " Is the rate noted for each of the four tensors?"
        elif number == self.steps // epochs:
            note += " Is the list made anew in every epoch?"
        elif number < self.steps:
            note += " Does the run stop before the last step?"
        raise Fault("wrong_number_of_rates", note)

    def _losses(self, name, losses):
        epochs = self.inputs["epochs"]
        if not isinstance(losses, list | tuple):
            raise Fault("wrong_type", f"`{name}` is asked for as a list of floats, one an epoch.")
        if len(losses) != epochs:
            note = ""
            if len(losses) == self.steps:
                note = " There is one for each step: take the mean of each epoch."
            elif len(losses) == epochs + 1:
                note = " Is the loss before the first epoch, or after the last one, noted as well?"
            elif len(losses) == 1:
                note = " Is the list made anew in every epoch?"
            raise Fault("wrong_number_of_losses", f"`{name}` has {len(losses)} entries for {epochs} epochs.{note}")
        numbers = []
        for loss in losses:
            # A loss is a 0-d tensor elsewhere in the course.
            if isinstance(loss, torch.Tensor) and loss.dim() == 0:
                loss = loss.item()
            if isinstance(loss, bool) or not isinstance(loss, int | float):
                raise Fault("losses_not_floats", f"`{name}` holds a {_type(loss)}; a Python float is asked for.")
            numbers.append(float(loss))
        return numbers

    def losses(self, on):
        """The loss of each sample of the training or validation set under the weights that came back."""
        return loss_of(self.params, self.inputs[f"x_{on}"], self.inputs[f"y_{on}"])


def _list(items):
    return ", ".join(f"`{item}`" if isinstance(item, str) else str(item) for item in items)


def _type(value):
    if isinstance(value, torch.Tensor) and value.dim():
        return f"tensor of shape {tuple(value.shape)}"
    return value.type_name if isinstance(value, Unsupported) else type(value).__name__


def raise_as_fault(call, raised):
    if raised.kind == "timeout":
        raise Fault(
            "takes_too_long",
            f"`train_mlp` gave {raised.text}. A few hundred steps on the digits take a second: is there a loop over "
            "samples or weights in Python, or one that never ends?",
            status="timeout",
        )
    line = f" in line {raised.line}, `{raised.source}`" if raised.line else ""
    tell = f"Your code raises {raised.kind}{line}: {raised.text}"
    raise Fault("raises", tell, status="crashed", raised=(call, raised))


def apart(first, second):
    """The largest difference between two lists of tensors."""
    return max((a.double() - b.double()).abs().max().item() for a, b in zip(first, second, strict=True))
