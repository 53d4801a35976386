"""Where the numbers come from that the lessons work out on the way: a line of arithmetic, one call of a solution."""

import math

import torch

from solutions import activations, backprop, diagnostics, initialization, optimizers, regularization, schedules
from tests.course.facts import LABELS, ONE, W1, W2, ZERO, X, accuracy, double, fact, says, seeded

LARGEST_EXPONENT = math.log(torch.finfo(torch.float32).max)
FLOOR = 1.1e-16 * 2.3 / 1e-5

fact("neurons", "but below {-88.7} its gradient is NaN", lambda: -LARGEST_EXPONENT)
fact("neurons", "the entries of `x.T x` are a factor of {1e12} apart", lambda: (1e6) ** 2)
fact("losses", "A classifier that knows nothing pays `log C`: {2.303} for ten", lambda: math.log(10))
fact("landscape", "the first `v` is `[{0.6}, {0.8}]`", lambda: double(3, 4) / 5)
fact("landscape", "one in {1,024} for ten", lambda: 2**10)

fact("backprop", "grad_h = [[{0.4120}, {0}, {0}], [{-0.2747}, {0}, {0}]]", lambda: from_above() @ W2)
fact(
    "backprop", "it is a relative error of {1e-4}", lambda: backprop.relative_error(double(1e-7), double(1e-7 + FLOOR))
)
fact("backprop", "the floor with `h = 1e-5` is near {1e-2}", lambda: 6e-8 * 2.3 / 1e-5)
fact("backprop", "Its `eps` is {6e-8}", lambda: torch.finfo(torch.float32).eps / 2)


def from_above() -> torch.Tensor:
    """The gradient of the example's logits."""
    return backprop.softmax_cross_entropy_backward(torch.relu(X @ W1.T) @ W2.T, LABELS)


fact("activations", "`exp` overflows above {88.7} in float32 (709.8 in float64)", lambda: LARGEST_EXPONENT)
fact("activations", "for every x below {-88.7}", lambda: -LARGEST_EXPONENT)
fact("activations", "the first time that a sum falls below {-88.7}", lambda: -LARGEST_EXPONENT)
fact("activations", "after the first of them it is {0.1875}", lambda: activations.sigmoid_grad(double(math.log(3))))
fact("activations", "a spread of about `sqrt(20)`, which is {4.5}", lambda: math.sqrt(20))

fact("initialization", "Xavier's is {0.707}, and nine of them are {0.044}", lambda: [math.sqrt(0.5), 0.5**4.5])
fact("initialization", "and nine of them are {22.6}", lambda: 2**4.5)
fact("initialization", "| 1 (plain `randn`) | {10} | {1e20} |", lambda: [math.sqrt(100), math.sqrt(100) ** 20])
fact("initialization", '| 0.01 ("small random numbers") | {0.1} | {1e-20} |', lambda: [0.01 * 10, (0.01 * 10) ** 20])
fact(
    "initialization",
    "| {0.0707}, `sqrt(1 / fan_in)`: the 2 forgotten | {0.707} | {0.001} |",
    lambda: [math.sqrt(1 / 200), math.sqrt(0.5), 0.5**10],
)
fact("initialization", "`1.2^20` is {38.3}", lambda: 1.2**20)


@says("initialization", "with Xavier's it falls to about {2e-5}")
def xavier_in_thirty_layers() -> float:
    generator = seeded()
    x = torch.randn(256, 200, generator=generator)
    return initialization.layer_stds(x, [initialization.xavier_init(200, 200, generator) for _ in range(30)])[-1]


fact("optimizers", "the gradients are {-6}, {-4.8}, {-3.84}", lambda: [2 * (w - 3) for w in (0, 0.6, 1.08)])
fact("optimizers", "At one hundredth of the limit, the factor is {0.98}", lambda: 1 - 0.01 * 2)
fact("optimizers", "At 1.05 times the limit it is {-1.1}", lambda: 1 - 1.05 * 2)
fact("optimizers", "the factors are {-0.8} and {0.8}", lambda: [1 - 0.9 * 2, 1 - 0.1 * 2])


@says("optimizers", "makes `v` grow {1}, {1.9}, {2.71} and on")
def velocities() -> list[torch.Tensor]:
    velocity, found = ZERO, []
    for _ in range(3):
        _, velocity = optimizers.momentum_step(ZERO, ONE, velocity, 0.1)
        found.append(velocity)
    return found


@says("optimizers", "m = {0.05} v = {0.00025} m_hat")
def first_averages() -> tuple[torch.Tensor, ...]:
    return optimizers.adam_step(ONE, double(0.5), ZERO, ZERO, 1, lr=0.1)[1:]


@says("optimizers", "m = {-0.005} v = {0.00049975} m_hat")
def second_averages() -> tuple[torch.Tensor, ...]:
    return optimizers.adam_step(ONE, double(-0.5), *first_averages(), 2, lr=0.1)[1:]


fact("optimizers", "There 1e-8 acts like {1e-4} outside", lambda: math.sqrt(1e-8))

fact(
    "schedules",
    "| | | {1} | {0.854} | {0.5} | {0.146} | {0} |",
    lambda: [schedules.cosine_annealing(step, 4, 1.0) for step in range(5)],
)
fact("schedules", "`(step + 1) / warmup_steps` has {0.8} at step 1", lambda: 0.8 * (1 + 1) / 2)
fact("schedules", "is at {0.2} in step 5", lambda: schedules.cosine_annealing(5 - 2, 3, 0.8, 0.2))
fact("schedules", "is back at {0.288} in step 7", lambda: 0.2 + 0.3 * (1 + math.cos(math.pi * 5 / 4)))
fact("schedules", "both schedules on the right have a mean of {0.50}", lambda: mean_of_warm_up())


def mean_of_warm_up() -> float:
    return sum(schedules.warmup_cosine(step, 9, 90, 1.0) for step in range(90)) / 90


fact("regularization", "which is 0 at `w = {0.5}`: half", lambda: 1 / (1 + 2 * 0.5))
fact("regularization", "L2 halves it as well, to {0.15}", lambda: 0.3 / (1 + 2 * 0.5))
fact(
    "regularization",
    "with t = 0.5: [2.0, -0.3, -1.5] becomes [{1.5}, {0}, {-1.0}]",
    lambda: regularization.soft_threshold(double(2, -0.3, -1.5), 0.5),
)
fact(
    "regularization",
    "y = x * mask / 0.8 = [{1.25}, {2.5}, {0}, {5}]",
    lambda: double(1, 2, 3, 4) * double(1, 1, 0, 1) / 0.8,
)
fact(
    "regularization",
    "`[{0.05}, {0.05}, {0.85}, {0.05}]`, which adds up to 1",
    lambda: regularization.label_smoothing(torch.tensor([2]), 4, 0.2),
)

fact("diagnostics", "its accuracy is {956} / 1000", lambda: 1000 - 42 - 2)
fact("diagnostics", "The second model has 8 / 50 = {0.16}", lambda: 8 / 50)
fact("diagnostics", "The accuracy is the diagonal, {82} of 100", lambda: 36 + 45 + 1)
fact("diagnostics", "| [1e-8, -3e-8] | {2e-8} |", lambda: mean_size(1e-8, -3e-8))
fact("diagnostics", "| [0.5, -1.5] | {1.0} |", lambda: mean_size(0.5, -1.5))
fact("diagnostics", "| [4000, -6000] | {5000} |", lambda: mean_size(4000, -6000))
fact("diagnostics", "4000 and -6000 average to {-1000}", lambda: double(4000, -6000).mean())
fact("diagnostics", "it is 0.01 / 5 = {0.002}", lambda: diagnostics.update_ratio(double(3, 4), double(3, 4.01)))


def mean_size(*entries: float) -> float:
    return float(diagnostics.gradient_report({"it": double(*entries)})["it"][0])


fact("training", "The mean of the three numbers is {0.667}", lambda: (1.0 + 0.8 + 0.2) / 3)


@says(
    "training", "{95} to {96} % at 0.01, {97} to {98} % at 0.02 and 0.05, {95} to {97} % at 0.3, {37} to {49} % at 1.0"
)
def other_rates() -> list[float]:
    found = {rate: [accuracy(seed, rate) for seed in range(3)] for rate in (0.01, 0.02, 0.05, 0.3, 1.0)}
    found[0.02] += found.pop(0.05)
    return [end for accuracies in found.values() for end in (min(accuracies), max(accuracies))]


@says(
    "landscape",
    "it took {520} steps without shortcuts and {72} with them. A tenth of a neuron's length away, to the four sides of "
    "the star, the loss is {3.8} on average without and {0.3} with them",
)
def _() -> list[float]:
    from pictures.landscape import Deep

    networks = [Deep(has_shortcuts) for has_shortcuts in (False, True)]
    planes = [each.plane(double(-0.1, 0, 0.1)) for each in networks]
    around = [(plane[0, 1] + plane[2, 1] + plane[1, 0] + plane[1, 2]) / 4 for plane in planes]
    return [*(each.steps for each in networks), *around]
