"""The clinic: small networks, most of them trained wrongly on purpose, and the loss curves that this gives.

`python -m graders.diagnostics.clinic` trains them all again and writes `clinic.json`, which the hidden checks of
`diagnose_curve` read. What is wrong with a run and what its curves show are two things: the diagnosis
belongs to the curves.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor

RECORDS = Path(__file__).with_name("clinic.json")
CLASSES, FEATURES = 10, 16


@dataclass(frozen=True)
class Patient:
    """One run: how it is trained, and what its curves show.

    `rates`: learning rates of single epochs that differ from `lr`. `broken_epoch`: the epoch whose last batch has
    inputs ten times too large and the labels of other samples. `wrong_labels`: the share of labels that are drawn
    at random. `naive`: cross-entropy as log(softmax), which overflows.
    """

    name: str
    diagnosis: str
    widths: tuple[int, ...] = (64,)
    activation: str = "relu"
    lr: float = 0.1
    momentum: float = 0.0
    decay: float = 0.0
    epochs: int = 40
    batch: int = 50
    samples: int = 1000
    spread: float = 0.5
    first_bias: float = 0.0
    wrong_labels: float = 0.0
    regression: bool = False
    shuffle: bool = True
    zero_grad: bool = True
    naive: bool = False
    rates: dict[int, float] = field(default_factory=dict)
    broken_epoch: int | None = None
    seed: int = 0


PATIENTS = (
    Patient("healthy", "healthy", samples=4000, epochs=18, lr=0.05, spread=0.7),
    Patient("healthy_momentum", "healthy", samples=4000, epochs=20, lr=0.003, momentum=0.9, spread=0.7, seed=1),
    Patient(
        "healthy_deep_tanh", "healthy", widths=(48, 48), activation="tanh", samples=4000, lr=0.05, epochs=16, seed=2
    ),
    Patient("healthy_regression", "healthy", regression=True, samples=4000, lr=0.02, epochs=21, seed=1),
    Patient("rate_far_too_high", "diverged", regression=True, lr=0.15, epochs=20),
    Patient("rate_far_too_high_whole_batch", "diverged", regression=True, batch=1000, lr=0.3, epochs=30),
    Patient("rate_far_too_high_momentum", "diverged", lr=0.6, momentum=0.9, spread=0.8),
    Patient(
        "rate_too_high",
        "oscillating",
        regression=True,
        widths=(16,),
        activation="tanh",
        batch=20,
        lr=0.09,
        momentum=0.9,
        epochs=30,
        seed=1,
    ),
    Patient(
        "rate_too_high_small_batches",
        "oscillating",
        regression=True,
        widths=(16,),
        activation="tanh",
        batch=10,
        lr=0.1,
        momentum=0.8,
        epochs=30,
        seed=2,
    ),
    Patient("gradients_never_zeroed", "diverged", zero_grad=False, regression=True, lr=0.003, epochs=50),
    Patient("gradients_never_zeroed_small_rate", "oscillating", zero_grad=False, regression=True, lr=0.001, seed=4),
    Patient("nan_after_a_spike", "diverged", naive=True, rates={18: 60.0}, epochs=30),
    Patient("one_broken_batch", "spike", broken_epoch=20, epochs=45),
    Patient("one_broken_batch_of_many", "spike", broken_epoch=20, samples=3000, epochs=45, seed=3),
    Patient("dead_relus", "not learning", first_bias=-30.0, epochs=30),
    Patient("sigmoid_stack", "not learning", widths=(32,) * 8, activation="sigmoid"),
    Patient(
        "never_shuffled", "underfitting", shuffle=False, samples=3000, lr=0.05, spread=1.2, decay=0.03, widths=(16,)
    ),
    Patient("too_small", "underfitting", widths=(2,), samples=3000, lr=0.3, spread=0.7),
    Patient("too_small_tanh", "underfitting", widths=(2,), samples=3000, lr=0.2, spread=0.9, activation="tanh"),
    Patient("held_down", "underfitting", decay=0.18, lr=0.005, epochs=45),
    Patient(
        "fifty_samples",
        "overfitting",
        samples=50,
        spread=0.3,
        wrong_labels=0.3,
        widths=(256,),
        lr=0.02,
        momentum=0.7,
        batch=10,
        epochs=120,
    ),
    Patient(
        "two_hundred_samples",
        "overfitting",
        samples=200,
        spread=0.8,
        wrong_labels=0.2,
        widths=(256,),
        lr=0.03,
        momentum=0.9,
        epochs=150,
        seed=1,
    ),
)


def run(patient: Patient) -> tuple[list[float], list[float]]:
    """The training and validation losses of one run, before the first epoch and after each."""
    generator = torch.Generator().manual_seed(patient.seed)
    x, y = _data(patient, generator, patient.samples + 500)
    x_train, y_train, x_val, y_val = x[:-500], y[:-500], x[-500:], y[-500:]
    if not patient.shuffle:
        order = y_train.argsort(stable=True)
        x_train, y_train = x_train[order], y_train[order]
    params = _start(patient, generator)
    sums = [torch.zeros_like(param) for param in params]
    train, val = [], []
    for epoch in range(patient.epochs + 1):
        train.append(_loss(patient, params, x_train, y_train).item())
        val.append(_loss(patient, params, x_val, y_val).item())
        order = torch.arange(len(x_train))
        if patient.shuffle:
            order = torch.randperm(len(x_train), generator=generator)
        for position, rows in enumerate(order.split(patient.batch)):
            inputs, targets = x_train[rows], y_train[rows]
            if epoch == patient.broken_epoch and position == len(order) // patient.batch - 1:
                inputs, targets = 10 * inputs, targets.roll(1)
            loss = _loss(patient, params, inputs, targets)
            grads = torch.autograd.grad(loss, params)
            lr = patient.rates.get(epoch, patient.lr)
            with torch.no_grad():
                for param, grad, total in zip(params, grads, sums, strict=True):
                    total.mul_(patient.momentum if patient.zero_grad else 1.0).add_(grad + patient.decay * param)
                    param.sub_(lr * total)
    return train, val


def _data(patient: Patient, generator: torch.Generator, count: int) -> tuple[Tensor, Tensor]:
    """Ten clouds of points, three to a class, or for regression the output of a random network."""
    if patient.regression:
        x = torch.randn(count, FEATURES, generator=generator, dtype=torch.float64)
        first, second = _normal((FEATURES, 8), generator), _normal((8, 1), generator)
        return x, torch.tanh(x @ first / 2) @ second
    labels = torch.arange(count) % CLASSES
    labels = labels[torch.randperm(count, generator=generator)]
    centres = _normal((3 * CLASSES, FEATURES), generator)
    which = torch.randint(3, (count,), generator=generator)
    noise = _normal((count, FEATURES), generator)
    points = centres[3 * labels + which] + patient.spread * noise
    if patient.wrong_labels:
        is_wrong = torch.rand(count, generator=generator) < patient.wrong_labels
        labels = torch.where(is_wrong, torch.randint(CLASSES, (count,), generator=generator), labels)
    return points, labels


def _normal(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _start(patient: Patient, generator: torch.Generator) -> list[Tensor]:
    """Weights and biases in turn: He initialization, a smaller last layer so that the first loss is log C."""
    widths = (FEATURES, *patient.widths, 1 if patient.regression else CLASSES)
    params = []
    for layer, (fan_in, fan_out) in enumerate(pairwise(widths)):
        last = layer == len(widths) - 2
        weight = _normal((fan_out, fan_in), generator) * math.sqrt((0.02 if last else 2) / fan_in)
        bias = torch.full((fan_out,), patient.first_bias if layer == 0 else 0.0, dtype=torch.float64)
        params += [weight.requires_grad_(), bias.requires_grad_()]
    return params


def _loss(patient: Patient, params: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    bend = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[patient.activation]
    for weight, bias in zip(params[:-2:2], params[1:-2:2], strict=True):
        x = bend(x @ weight.T + bias)
    out = x @ params[-2].T + params[-1]
    if patient.regression:
        return (out - y).square().mean()
    rows = torch.arange(len(y))
    if patient.naive:
        e = torch.exp(out)
        return -torch.log(e / e.sum(1, keepdim=True))[rows, y].mean()
    return -torch.log_softmax(out, dim=1)[rows, y].mean()


def main() -> None:
    records = {}
    for patient in PATIENTS:
        train, val = run(patient)
        rounded = [[float(f"{loss:.6g}") for loss in curve] for curve in (train, val)]
        records[patient.name] = {"diagnosis": patient.diagnosis, "train": rounded[0], "val": rounded[1]}
    lines = [f'"{name}": {json.dumps(record)}' for name, record in records.items()]
    RECORDS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
