"""Where the numbers in the lessons come from: each quotation beside the lines that compute the numbers {in braces}."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy
import torch

from backpass.course.manifest import find_root
from solutions import (
    activations,
    backprop,
    diagnostics,
    initialization,
    landscape,
    losses,
    neurons,
    normalization,
    optimizers,
    schedules,
    training,
)

FACTS: list[tuple[str, str, Callable[[], object], float]] = []
DOUBLE = torch.float64


def says(unit: str, quotation: str, within: float = 0.0):
    """The lesson of `unit` says so, word for word but for the braces; the function returns the numbers in them.

    `within`: how far off they may be, beside rounding; networks that are trained differ by processor.
    """

    def declare(compute: Callable[[], object]) -> Callable[[], object]:
        FACTS.append((unit, quotation, compute, within))
        return compute

    return declare


def fact(unit: str, quotation: str, compute: Callable[[], object]) -> None:
    """`says`, for one line."""
    says(unit, quotation)(compute)


def double(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers, dtype=DOUBLE)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@cache
def digits() -> tuple[torch.Tensor, ...]:
    """The capstone's data, as its public check splits them."""
    with gzip.open(find_root() / "exercises" / "training" / "digits.csv.gz") as file:
        table = torch.from_numpy(numpy.loadtxt(file, delimiter=",", dtype=numpy.float32))
    order = torch.randperm(len(table), generator=seeded())
    x, y = table[order, :-1] / 16, table[order, -1].long()
    return x[:1437], y[:1437], x[1437:], y[1437:]


def accuracy(seed: int, max_lr: float = 0.02) -> float:
    """Per cent of the validation set after a run of the capstone."""
    run = training.train_mlp(*digits(), 64, 16, 64, max_lr, seeded(seed))
    logits = neurons.mlp_forward(digits()[2], run["weights"], run["biases"])
    return 100 * diagnostics.accuracy(logits.argmax(dim=1), digits()[3])


# neurons
fact("neurons", "the logit {-7}", lambda: 2 * 3 + 3 * -1 - 10)
fact(
    "neurons",
    "the solution is `[{5/6}, {3/2}]`",
    lambda: neurons.least_squares(double(1, 0, 1, 1, 1, 2).reshape(3, 2), double(1, 2, 4)),
)
fact("neurons", "For a `z` above {88.7} float32", lambda: math.log(torch.finfo(torch.float32).max))
fact("neurons", "it is `1 / (1 + exp(4)) = {0.018}`", lambda: neurons.neuron(double(0), double(0), double(-4)[0]))

# losses
ERRORS = double(0.5, -0.5, 0, 4)
fact("losses", "of which {97} % are the outlier's", lambda: 100 * 16 / (4 * losses.mse_loss(ERRORS, 0 * ERRORS)))
fact("losses", "`(0.25 + 0.25 + 0 + 16) / 4 = {4.125}`", lambda: losses.mse_loss(ERRORS, 0 * ERRORS))
fact("losses", "with {80} %", lambda: 100 * 4 / (4 * losses.mae_loss(ERRORS, 0 * ERRORS)))
fact("losses", "`(0.125 + 0.125 + 0 + 3.5) / 4 = {0.9375}`", lambda: losses.huber_loss(ERRORS, 0 * ERRORS))
fact(
    "losses",
    "| price | {0} | {0.105} | {0.693} | {2.303} | {4.605} | {6.908} |",
    lambda: [losses.binary_cross_entropy(double(p), double(1)) for p in (1, 0.9, 0.5, 0.1, 0.01, 0.001)],
)
fact(
    "losses",
    "the probabilities are `[{1/6}, {1/3}, {1/2}]`",
    lambda: losses.softmax(double(1, 2, 3).log()),
)
fact("losses", "(float64: above {709.8})", lambda: math.log(torch.finfo(DOUBLE).max))
fact(
    "losses",
    "a negative `100 / (2 * 99) = {0.505}`",
    lambda: losses.class_weights((torch.arange(100) < 1).long(), 2)[0],
)
fact("losses", "one with `p = 0.1` still {81} %", lambda: 100 * (1 - 0.1) ** 2)
fact("losses", "`log(e + 9) - 1 = {1.461}`", lambda: losses.cross_entropy(double(1, *[0] * 9)[None], torch.tensor([0])))
fact("losses", "caps the price at {18.4}", lambda: -math.log(1e-8))


# landscape
def valley(rate: float) -> float:
    """The loss after 20 steps down the lesson's valley."""
    curvatures = double(10, 0.5)
    last = optimizers.gradient_descent(lambda w: curvatures * w, double(0.9, 2), rate, 20)[-1]
    return float((curvatures * last**2).sum() / 2)


def stretched(v: torch.Tensor) -> torch.Tensor:
    return double(2, 1) * v


@says(
    "landscape",
    "At 0.02 the loss falls from {5.05} to {0.67} in 20 steps, at 0.15 to {0.044}. At 0.205 it rises to {28.5}",
)
def _() -> list[float]:
    return [(10 * 0.9**2 + 0.5 * 2**2) / 2, *map(valley, (0.02, 0.15, 0.205))]


fact("landscape", "is `0.6 * 1.2 + 0.8 * 0.8 = {1.36}`", lambda: landscape.sharpness(stretched, double(3, 4), 1))
fact("landscape", "after ten rounds it is {1.999993}", lambda: landscape.sharpness(stretched, double(3, 4), 10))
fact(
    "landscape",
    "with the eigenvalues {1} and {-1}",
    lambda: torch.linalg.eigvalsh(double(0, 1, 1, 0).reshape(2, 2)).flip(0),
)
fact("landscape", "two directions of {4,810}", lambda: 64 * 64 + 64 + 64 * 10 + 10)

# backprop
X, LABELS = double(1, 2, -1, 1).reshape(2, 2), torch.tensor([0, 1])
W1, W2 = double(1, 0, 1, -1, 0, 1).reshape(3, 2), double(0, 0, 0, math.log(3), 0, 0).reshape(2, 3)


@cache
def by_hand() -> tuple[torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    return backprop.mlp_backward(X, LABELS, [W1, W2], [double(0, 0, 0), double(0, 0)])


def nudged(by: float) -> float:
    """The loss of the example with b2[1] moved."""
    hidden = neurons.mlp_forward(X, [W1, W2], [double(0, 0, 0), double(0, by)])
    return losses.cross_entropy(hidden, LABELS).item()


def network(seed: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    generator = seeded(seed)
    weights = [initialization.he_init(64, 64, generator), initialization.he_init(64, 10, generator)]
    return weights, [torch.zeros(64), torch.zeros(10)]


fact("backprop", "the loss is `(log 4 + log 2) / 2 = {1.0397}`", lambda: by_hand()[0])
fact("backprop", "grad_W2 = [[{-0.375}, {0}, {-0.5}], [{0.375}, {0}, {0.5}]]", lambda: by_hand()[1][1])
fact("backprop", "grad_b2 = [{-0.125}, {0.125}]", lambda: by_hand()[2][1])
fact("backprop", "grad_W1 = [[{0.4120}, {0.8240}], [{0}, {0}], [{0}, {0}]]", lambda: by_hand()[1][0])
fact("backprop", "grad_b1 = [{0.4120}, {0}, {0}]", lambda: by_hand()[2][0])
fact("backprop", "the loss is {1.04098}, at 0 it is {1.03972}", lambda: [nudged(0.01), nudged(0)])
fact("backprop", "a slope of {0.1261}", lambda: (nudged(0.01) - nudged(0)) / 0.01)
fact("backprop", "the slope is {0.1249992}", lambda: (nudged(0.01) - nudged(-0.01)) / 0.02)
fact(
    "backprop",
    "and the relative error {3e-6}",
    lambda: backprop.relative_error(double(0.125), double((nudged(0.01) - nudged(-0.01)) / 0.02)),
)


@says(
    "backprop",
    "after 20 blocks {4e-10} is left. With it, nothing fades: what the branches add even makes the gradient grow, "
    "{3.2}-fold",
)
def identity() -> list[float]:
    from pictures.backprop import gradients

    without, with_path = gradients(identity=False), gradients(identity=True)
    return [without[-1] / without[0], with_path[-1] / with_path[0]]


# activations
fact(
    "activations",
    "1, {0.79} at 0.5 and {0.42} at 1".replace("1, ", "", 1),
    lambda: activations.tanh_grad(double(0.5, 1)),
)
fact(
    "activations",
    "at `x = 2.2` the slope is {0.09}, and ten of those leave {3e-11}",
    lambda: [activations.sigmoid_grad(double(2.2))[0], 0.09**10],
)


@says("activations", "becomes {0.21}, {0.042}, {0.0086}, ... and {1.4e-7} after ten sigmoid layers")
def spread_of_one() -> list[float]:
    generator = seeded(1)
    layers = [torch.randn(1000, generator=generator, dtype=DOUBLE) for _ in range(10)]
    sizes = activations.gradient_through_depth(torch.ones(1000, dtype=DOUBLE), layers)
    return [*sizes[:3], sizes[-1]]


@says("activations", "differs from the exact one by up to {5e-4}, the one with `sigmoid(1.702 x)` by up to {0.02}")
def approximations() -> list[torch.Tensor]:
    x = torch.linspace(-8, 8, 16001, dtype=DOUBLE)
    by_tanh = x * (1 + activations.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    return [(other - activations.gelu(x)).abs().max() for other in (by_tanh, x * activations.sigmoid(1.702 * x))]


@says(
    "activations",
    "had {6}, {15} and {12} dead units in its layers after the first epoch. By epoch 40, {0}, {14} and {12} of these "
    "were alive again",
)
def dead_units() -> list[int]:
    x, y, _, _ = digits()
    generator, sizes = seeded(), [64, 64, 64, 64, 10]
    weights = [initialization.he_init(*pair, generator) for pair in pairwise(sizes)]
    biases = [torch.zeros(size) for size in sizes[1:]]

    def dead() -> list[torch.Tensor]:
        found = [x]
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            found.append(activations.relu(neurons.linear(found[-1], weight, bias)))
        return [(layer == 0).all(dim=0) for layer in found[1:]]

    for epoch in range(40):
        for batch in optimizers.minibatches(len(x), 64, generator):
            _, by_weight, by_bias = backprop.mlp_backward(x[batch], y[batch], weights, biases)
            weights = [optimizers.sgd_step(weight, grad, 0.5) for weight, grad in zip(weights, by_weight, strict=True)]
            biases = [optimizers.sgd_step(bias, grad, 0.5) for bias, grad in zip(biases, by_bias, strict=True)]
        if epoch == 0:
            first = dead()
    return [int(d.sum()) for d in first] + [int((d & ~still).sum()) for d, still in zip(first, dead(), strict=True)]


# initialization
@says("initialization", "have an RMS of {0.57}, {0.80}, {0.63} and {0.84} after 20 layers")
def four_networks() -> list[torch.Tensor]:
    found = []
    for seed in range(4):
        generator = seeded(seed)
        x = h = torch.randn(256, 200, generator=generator)
        for _ in range(20):
            h = activations.relu(h @ initialization.he_init(200, 200, generator).T)
        found.append(((h**2).mean() / (x**2).mean()).sqrt())
    return found


@says("initialization", "the numbers left the range of float32 (about {3.4e38}) at layer {38}")
def overflow() -> list[float]:
    generator = seeded()
    h, layer = torch.randn(256, 200, generator=generator), 0
    while h.isfinite().all():
        h, layer = activations.relu(h @ torch.randn(200, 200, generator=generator).T), layer + 1
    return [torch.finfo(torch.float32).max, layer]


fact("initialization", "the variance is {78} times too large", lambda: 784 / 10)

# normalization
EIGHT = double(2, 4, 4, 4, 5, 5, 7, 9)[:, None]
ONE, ZERO = double(1), double(0)
fact(
    "normalization",
    "x_hat = [{-1.5}, {-0.5}, {-0.5}, {-0.5}, {0}, {0}, {1}, {2}]",
    lambda: normalization.batch_norm_train(EIGHT, ONE, ZERO, ZERO, ONE, eps=0)[0],
)
fact(
    "normalization",
    "from 1 to `0.9 * 1 + 0.1 * 4.571 = {1.357}`",
    lambda: normalization.batch_norm_train(EIGHT, ONE, ZERO, ZERO, ONE)[2],
)
fact(
    "normalization",
    "grad_x = [2, 0, 1] - 3 / 3 = [{1}, {-1}, {0}]",
    lambda: normalization.batch_norm_backward(double(3, 0, 0)[:, None], double(-1, 0, 1)[:, None], ONE, eps=1 / 3)[0],
)
fact("normalization", "is divided by {0.00001} and not by {0.003}", lambda: [1e-5, math.sqrt(1e-5)])


@says("normalization", "among 8 so much that 90 % of the batches put it between {0.4} and {1.7}")
def company() -> torch.Tensor:
    x = torch.randn(4000, 8, generator=seeded(), dtype=DOUBLE)
    x[:, 0] = 1
    one, zero = torch.ones(4000, dtype=DOUBLE), torch.zeros(4000, dtype=DOUBLE)
    y = normalization.batch_norm_train(x.T, one, zero, zero, one)[0]
    return y[0].quantile(double(0.05, 0.95))


# optimizers
fact(
    "optimizers",
    "the points {0}, {0.6}, {1.08}, {1.464}",
    lambda: optimizers.gradient_descent(lambda w: 2 * (w - 3), double(0), 0.1, 3),
)
fact(
    "optimizers", "and the steps are `lr` times {1}, {0.71}, {0.58}", lambda: [3 / math.sqrt(9 * k) for k in (1, 2, 3)]
)
fact("optimizers", "weights lose half their size in {69} steps", lambda: math.ceil(math.log(0.5) / math.log(0.99)))
fact(
    "optimizers",
    "is only {0.032} of it. The first step is {3.2} times too large, the twelfth {6.6} times",
    lambda: [math.sqrt(0.001), *((1 - 0.9**t) / math.sqrt(1 - 0.999**t) for t in (1, 12))],
)
fact(
    "optimizers",
    "param = 0.9 + 0.00526 = {0.90526}",
    lambda: optimizers.adam_step(
        *optimizers.adam_step(double(1), double(0.5), ZERO, ZERO, 1, lr=0.1)[:1],
        double(-0.5),
        double(0.05),
        double(0.00025),
        2,
        lr=0.1,
    )[0],
)
fact(
    "optimizers",
    "so `v = 0.9 * 2 + 0.82 = {2.62}`",
    lambda: optimizers.nesterov_step(double(1), lambda w: w, double(2), 0.1)[1],
)

# schedules
fact(
    "schedules",
    "| rate | {0} | {0.4} | {0.8} | {0.712} | {0.5} | {0.288} | {0.2} | {0.2} |",
    lambda: [schedules.warmup_cosine(step, 2, 6, 0.8, 0.2) for step in range(8)],
)
fact("schedules", "drops to {0.65} in step 2", lambda: schedules.cosine_annealing(2, 6, 0.8, 0.2))
fact(
    "schedules",
    "| rate after the epoch | {0.8} | {0.8} | {0.8} | {0.8} | {0.4} | {0.4} |",
    lambda: schedules.reduce_on_plateau([5, 4, 4, 6, 4.5, 3], 0.8, factor=0.5, patience=2),
)
fact("schedules", "a rate of {3.2} for 0.1", lambda: schedules.linear_scaling(0.1, 256, 8192))


@says(
    "schedules",
    "stops at its floor, {0.17}. The low constant rate is still on its way at the end. Cosine annealing falls with the "
    "high rate and goes on falling, to {0.05}",
)
def floors() -> list[float]:
    curvature, found = torch.tensor([1.0, 0.05]), []
    for rate in (lambda step: 0.3, lambda step: schedules.cosine_annealing(step, 300, 0.3)):
        generator, w = seeded(), torch.full((2000, 2), 5.0)
        for step in range(300):
            loss = (0.5 * curvature * w**2).sum(dim=1).mean().item()
            w = w - rate(step) * (curvature * w + torch.randn(2000, 2, generator=generator))
        found.append(loss)
    return found
