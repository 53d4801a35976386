"""Gradients that somebody claims, right and wrong, for `check_gradient` to judge.

The wrong ones are what the unit's own known mistakes compute. Those that are nearly right are left out: only one small
number that is wrong next to a large one tells an error taken element by element, as asked for, from one over all of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from backpass.course.manifest import Course
from backpass.explaining.rows import load_catalogue
from backpass.judging.cases import Case, Draw, evaluate
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student
from solutions import backprop
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward, residual_block

FAR = 1e-2  # a wrong claim is at least this far off, relative to the size of the gradient
FROM_EACH = 4  # mistakes of one function: each claim costs the student two calls of f for each element of x

Function = Callable[..., Any]


@dataclass(frozen=True)
class Subject:
    """A backward function as a gradient of f at x: `backward(function)` is what `function` claims."""

    exercise: str
    text: str
    f: Callable[[torch.Tensor], torch.Tensor]
    x: torch.Tensor
    backward: Callable[[Function], torch.Tensor]


def numbers(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def subjects() -> Iterator[Subject]:
    """One point for each backward function of the unit, far from the corners of ReLU."""
    pred, target = numbers(2, 3, seed=1), numbers(2, 3, seed=2)
    yield Subject(
        "mse_backward",
        "mean of (x - target) ** 2",
        lambda x: ((x - target) ** 2).mean(),
        pred,
        lambda function: function(pred, target),
    )
    logits, labels = numbers(2, 3, seed=3), torch.tensor([2, 0])
    yield Subject(
        "softmax_cross_entropy_backward",
        "cross-entropy of the logits x",
        lambda x: cross_entropy(x, labels),
        logits,
        lambda function: function(logits, labels),
    )
    grad_out, inputs, weight = numbers(3, 2, seed=4), numbers(3, 2, seed=5), numbers(2, 2, seed=6)
    for position, (name, x, f) in enumerate(
        (
            ("input", inputs, lambda x: (grad_out * (x @ weight.T)).sum()),
            ("weight", weight, lambda x: (grad_out * (inputs @ x.T)).sum()),
            ("bias", numbers(2, seed=7), lambda x: (grad_out * (inputs @ weight.T + x)).sum()),
        )
    ):
        yield Subject(
            "linear_backward",
            f"a loss behind a linear layer, with x as its {name}",
            f,
            x,
            lambda function, position=position: function(grad_out, inputs, weight)[position],
        )
    upstream, x = numbers(4, seed=8), torch.tensor([0.8, -1.3, 2.1, -0.4], dtype=torch.float64)
    for exercise, activation, looks_at_the_output in (
        ("relu_backward", lambda x: x.clamp(min=0), False),
        ("sigmoid_backward", lambda x: 1 / (1 + torch.exp(-x)), True),
        ("tanh_backward", torch.tanh, True),
    ):
        seen = activation(x) if looks_at_the_output else x
        yield Subject(
            exercise,
            f"a loss behind {exercise.partition('_')[0]}(x)",
            lambda x, activation=activation: (upstream * activation(x)).sum(),
            x,
            lambda function, seen=seen: function(upstream, seen),
        )
    block = numbers(3, 2, seed=9), numbers(3, seed=10), numbers(2, 3, seed=11), numbers(2, seed=12)
    into, out = numbers(2, 2, seed=13), numbers(2, 2, seed=14)
    yield Subject(
        "residual_backward",
        "a loss behind a residual block with the input x",
        lambda x: (out * residual_block(x, *block)).sum(),
        into,
        lambda function: function(out, into, *block),
    )
    weights, biases = [numbers(2, 3, seed=15), numbers(3, 2, seed=16)], [numbers(2, seed=17), numbers(3, seed=18)]
    batch = numbers(4, 3, seed=19)
    classes = torch.tensor([0, 2, 1, 2])
    yield Subject(
        "mlp_backward",
        "the loss of a network with x as the weight of its first layer",
        lambda x: cross_entropy(mlp_forward(batch, [x, weights[1]], biases), classes),
        weights[0],
        lambda function: function(batch, classes, weights, biases)[1][0],
    )


@dataclass(frozen=True)
class Claim:
    """`grad` claimed for f at x; `story` says in words what it is."""

    text: str
    f: Callable[[torch.Tensor], torch.Tensor]
    x: torch.Tensor
    grad: torch.Tensor
    story: str


def right_claims() -> Iterator[Claim]:
    for subject in subjects():
        grad = subject.backward(getattr(backprop, subject.exercise))
        yield Claim(subject.text, subject.f, subject.x, grad, "the true gradient")
    yield from sums_of_squares(right=True)


def wrong_claims() -> Iterator[Claim]:
    catalogue = load_catalogue(Course.load(Path(__file__).parents[2]))
    for subject in subjects():
        truth = subject.backward(getattr(backprop, subject.exercise))
        chosen: list[torch.Tensor] = []
        for mistake in catalogue.of(f"backprop.{subject.exercise}"):
            if len(chosen) == FROM_EACH:
                break
            grad = _claimed(subject, mistake.function)
            if grad is None or not _is_far(grad, truth) or any(not _is_far(grad, other) for other in chosen):
                continue
            chosen.append(grad)
            story = f"that of a {subject.exercise} with this mistake: {mistake.tell}"
            yield Claim(subject.text, subject.f, subject.x, grad, story)
    yield from sums_of_squares(right=False)


def sums_of_squares(*, right: bool) -> Iterator[Claim]:
    """Claims of every size and shape about one simple function."""
    x = torch.tensor([[1.0, -2.0, 0.5], [3.0, 0.25, -1.5]], dtype=torch.float64)
    long, spiked, holed = numbers(40, seed=20), 2 * x, 2 * x
    spiked[0, 1], holed[1, 2] = torch.inf, torch.nan
    one_off = 2 * long
    one_off[17] *= -1
    even = torch.ones(40, dtype=torch.float64)
    nearly = 2 * even
    nearly[17] *= 1.0002

    def claim(story: str, x: torch.Tensor, grad: torch.Tensor, factor: float = 1.0) -> Claim:
        text = "sum of x ** 2" if factor == 1 else f"{factor:g} * sum of x ** 2"
        return Claim(text, lambda x: factor * (x**2).sum(), x, grad, story)

    zero, one = torch.zeros(3, dtype=torch.float64), torch.tensor(1.5, dtype=torch.float64)
    if right:
        yield claim("the true gradient, of a 0-d tensor", one, 2 * one)
        yield claim("the true gradient, at the minimum: all zeros", zero, zero)
        yield claim("the true gradient, with small numbers", x, 2e-4 * x, 1e-4)
        yield claim("the true gradient, with large numbers", x, 2e6 * x, 1e6)
        yield claim("the true gradient, rounded to float32 on the way", x + 0.1, (2 * (x + 0.1)).float().double())
        return
    yield claim("0.1 % too large: far more than central differences are off", x, 2.002 * x)
    yield claim("half the true one, with small numbers", x, 1e-4 * x, 1e-4)
    yield claim("1 % too large, with small numbers", x, 2.02e-4 * x, 1e-4)
    yield claim("all zeros", x, torch.zeros_like(x))
    yield claim("the true one, with a NaN in the place of one number", x, holed)
    yield claim("NaN everywhere", x, torch.full_like(x, torch.nan))
    yield claim("the true one, with an infinity in the place of one number", x, spiked)
    yield claim("the true one of 40 numbers, with the sign of one turned round", long, one_off)
    yield claim("the true one of 40 numbers, with one of them 0.02 % too large", even, nearly)
    yield claim("minus the true one", x, -2 * x)
    yield claim("the true one, flattened: its shape is wrong", x, 2 * x.reshape(-1))
    yield claim("the true one, with a dimension of size 1 too many", x, (2 * x).unsqueeze(0))
    yield claim("the true one, transposed", x, (2 * x).T.contiguous())
    row = torch.ones(2, 3, dtype=torch.float64)
    yield claim("one row of the true one: it would fit by broadcasting", row, 2 * row[0])
    yield claim("one number, that every element would be compared with", row, torch.tensor(2.0, dtype=torch.float64))
    yield claim("the true one, with its numbers in another order", x, (2 * x).flip(1))
    yield claim("zero, in the place of one small number", one * 1e-3, one * 0)
    uneven = torch.tensor([1000.0, 0.01], dtype=torch.float64)
    yield claim("half the true one in one small number, next to a large right one", uneven, 2 * uneven - uneven % 1)


def _claimed(subject: Subject, function: Function) -> torch.Tensor | None:
    """What a function with a mistake claims; None where it does not come to a tensor."""
    try:
        grad = subject.backward(function)
    except Exception:  # many mistakes raise, or return something of another form
        return None
    return grad.detach() if isinstance(grad, torch.Tensor) and grad.dtype == torch.float64 else None


def _is_far(grad: torch.Tensor, other: torch.Tensor) -> bool:
    if grad.shape != other.shape or not bool(grad.isfinite().all()):
        return grad.shape != other.shape or not torch.equal(grad.nan_to_num(), other.nan_to_num())
    return bool((grad - other).norm() >= FAR * (grad.norm() + other.norm()))


@dataclass(frozen=True)
class Claims(Draw):
    """All right claims, or all wrong ones, as cases."""

    strategy: None = None
    right: bool = True

    def cases(self, parameters: dict[str, Any], reference: Function) -> Iterator[Case]:
        for claim in right_claims() if self.right else wrong_claims():
            yield case_of(claim, reference)


def case_of(claim: Claim, reference: Function) -> Case:
    """The claim as a call of `check_gradient`, with the reference's verdict."""

    def f(x: Any) -> torch.Tensor:
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"f takes a tensor of the shape of x, and was given {type(x).__name__}")
        if x.shape != claim.x.shape:
            raise ValueError(f"f takes a tensor of shape {tuple(claim.x.shape)}, and was given {tuple(x.shape)}")
        return claim.f(x)

    f.__doc__ = f"x -> {claim.text}"
    f.story = claim.story  # type: ignore[attr-defined]
    case = Case({"f": f, "grad": claim.grad, "x": claim.x})
    verdict = evaluate(reference, case).value
    return Case(case.inputs, expected=verdict, template=verdict, tolerance=0)


def describe(failure: Failure, student: Student) -> Description:
    """What to say of wrong verdicts that no known mistake explains: the first of them."""
    index = next(iter(failure.wrong))
    case = failure.cases[index]
    story = case.inputs["f"].story.removesuffix(".")
    if case.expected:
        tell = f"Your check refuses a gradient that is right: {story}."
        return Description("refuses_a_right_gradient", tell, index)
    return Description("accepts_a_wrong_gradient", f"Your check accepts a gradient that is wrong: {story}.", index)
