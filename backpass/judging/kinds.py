"""What is asked of every exercise of a kind, said once; what is particular is written where the exercise is declared.

    test_huber_loss = forward(
        "losses.huber_loss",
        values=worth(5, draw(predictions_and_delta), AT_DELTA),
        defaults=worth(1, draw(predictions)),
        gradient=worth(3, draw(off_the_kinks, gradient=True)),
        gradcheck={"pred": torch.randn(2, 3, dtype=torch.float64), ...},
    )

An exercise is declared with its checks, in the order in which they are looked at: `worth(points, *sources)`, or
`once_right(points, *sources)` for what says something of right answers only. What a check asks is known by its name
(`values`, `gradient`, `over_a_run`, ...); under any other name, answers agree with the reference. A check that no
other exercise has brings a test of its own (`test=`), a function with fixtures as any other.

That nothing but the answer comes of a call is asked of every exercise, mentioned (`is_pure`) or not: last, for one
point, and of the cases of `values`, unless something else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import CourseError
from backpass.course.words import listed
from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import DTYPES, AtCorners, Case, Draw, Example
from backpass.judging.checks import Check, Test, test_of
from backpass.judging.failures import Describe, Fault
from backpass.judging.gradcheck import passes_gradcheck
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Call
from backpass.worker.wire import Seed

NOT_FINITE = later("a gradient that is not finite")


@dataclass(frozen=True)
class Asked:
    """One check of an exercise that is being declared."""

    points: float
    sources: tuple[Draw | Example, ...]
    test: Test | None
    once_right: bool = False
    corner: str = ""


def worth(points: float, *sources: Draw | Example, test: Test | None = None) -> Asked:
    """A check on the cases of `sources`."""
    return Asked(points, sources, test)


def once_right(points: float, *sources: Draw | Example, test: Test | None = None) -> Asked:
    """A check that says something of right answers only: a do-nothing answer would pass it."""
    return Asked(points, sources, test, once_right=True)


def corner(points: float, what: str, *sources: Draw | Example, test: Test | None = None) -> Asked:
    """A check of right answers on inputs that hardly occur: `what` says in words which, and costs no more than this."""
    return Asked(points, sources, test, once_right=True, corner=what)


def finite_gradient(*sources: Draw, state: tuple[int, ...] = ()) -> Asked:
    """A check that right values have a finite gradient, in float32, at inputs of `sources`."""
    return corner(1, NOT_FINITE, AtCorners(None, of=sources, state=state))


def function(exercise: str, *, describe: Describe | None = None, **asked: Asked) -> Test:
    """A function of any kind. `describe`: what there is to say of answers that no known mistake explains."""
    return _declared(exercise, {}, asked, describe)


def forward(
    exercise: str,
    *,
    gradcheck: dict[str, Any] | None = None,
    output: int | None = None,
    **asked: Asked,
) -> Test:
    """A function that is differentiated: the gradient that autograd finds in it is right, and by gradcheck as well.

    `gradcheck`: where to ask that, float64 and far from kinks; `output`: which result of several is differentiated.
    The gradient is finite, too, at all inputs in float32 that values are asked of, or at those of `finite_gradient`.
    """

    def gradient(student: Student, cases: list[Case], reference: Function) -> None:
        agree(student, cases)
        if gradcheck is not None:
            passes_gradcheck(student, gradcheck, reference=reference, output=output)

    if "gradient" in asked and "finite_gradient" not in asked:
        plain = [each for what, each in asked.items() if what != "gradient" and not what.startswith("gradient_")]
        sources = {id(source): source for each in plain for source in each.sources if isinstance(source, Draw)}
        state = next((each.state for each in asked["gradient"].sources if isinstance(each, Draw)), ())
        asked["finite_gradient"] = finite_gradient(*sources.values(), state=state)
    return _declared(exercise, {"gradient": gradient}, asked, required=("values", "gradient"))


def backward(
    exercise: str,
    *,
    of: Callable[..., torch.Tensor],
    at: dict[str, Any],
    by: Callable[[dict[str, Any], torch.Tensor], dict[str, Any]],
    gradients: Callable[[Any], Any] = lambda result: result,
    **asked: Asked,
) -> Test:
    """The backward function `of` a forward one: it is differentiated numerically as well; see `passes_gradcheck`."""

    def pure(student: Student, cases: list[Case]) -> None:
        is_pure(student, cases)
        passes_gradcheck(student, at, forward=of, by=by, gradients=gradients)

    return _declared(exercise, {"is_pure": pure}, asked)


def step(exercise: str, *, run: dict[str, Any], **asked: Asked) -> Test:
    """A step of an optimizer that carries a state: single steps, and a whole run with the options `run`."""
    asked["over_a_run"] = once_right(2, test=lambda student, reference: follows_a_run(student, reference, run))
    return _declared(exercise, {}, asked)


def random(exercise: str, *, generator: dict[str, Any], what: str = "draw", **asked: Asked) -> Test:
    """A function that draws `what`: judged by statistics of known distributions, and it draws from its generator alone.

    `generator`: inputs for which two results are never the same by chance. It is asked first of what is asked of right
    answers: draws from elsewhere have whatever statistics they have.
    """
    first = {name: asked.pop(name) for name in ("values", "uses_the_generator") if name in asked}
    asked = first | asked
    return _declared(
        exercise,
        {"uses_the_generator": lambda student: uses_the_generator(student, generator, what)},
        asked,
        required=("values", "uses_the_generator"),
    )


def is_pure(student: Student, cases: list[Case]) -> None:
    """Nothing but the answer comes of a call."""
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


def _declared(
    exercise: str,
    tests: dict[str, Test],
    asked: dict[str, Asked],
    describe: Describe | None = None,
    required: Sequence[str] = ("values",),
) -> Test:
    missing = [what for what in required if what not in asked]
    if missing:
        raise CourseError(f"{exercise} is declared without a check of {listed(missing)}")

    def agrees(student: Student, cases: list[Case]) -> None:
        agree(student, cases, describe)

    pure = asked.setdefault("is_pure", once_right(1))
    if not pure.sources:
        asked["is_pure"] = replace(pure, sources=asked["values"].sources)
    tests = {"is_pure": is_pure} | tests
    return test_of(
        Check(
            exercise,
            f"test_{exercise.partition('.')[2]}_{what}",
            each.test or tests.get(what, agrees),
            each.sources,
            each.points,
            each.once_right,
            each.corner,
        )
        for what, each in asked.items()
    )


# What a whole run and a generator are asked.

STEPS_OF_A_RUN = 25


def follows_a_run(student: Student, reference: Function, options: dict[str, Any]) -> None:
    """Walk down a valley from one point, in both dtypes, with the state that each step returned, beside the reference.

    Rounding grows on the way and is forgotten in a valley: 1e-3 (float32) and 1e-9 (float64) are far above it, and
    far below what a wrong state does.
    """
    parameters, (_, *carried) = student.exercise.parameters, student.exercise.returns
    # A steep, a flat and a middling direction: what is kept between calls mixes them up.
    curvature = torch.tensor([2.0, 0.25, 1.0], dtype=torch.float64)

    def slope_at(w: torch.Tensor) -> torch.Tensor:
        """w -> [2, 0.25, 1] * (w - 0.5)"""
        return curvature.to(w.dtype) * (w - 0.5)

    def inputs(state: Sequence[torch.Tensor], t: int) -> dict[str, Any]:
        known = dict(zip(carried, state[1:], strict=True)) | options
        known |= {"param": state[0], "grad_fn": slope_at, "grad": slope_at(state[0]), "t": t}
        return {name: known[name] for name in parameters if name in known}

    def walked(step: Callable[[list[dict[str, Any]]], list[Any]]) -> list[Any]:
        start = torch.tensor([[2.5, -1.75, 0.625], [0.3, 4.1, -3.3]], dtype=torch.float64)
        states = [(start.to(dtype), *(torch.zeros_like(start, dtype=dtype) for _ in carried)) for dtype in DTYPES]
        for t in range(1, STEPS_OF_A_RUN + 1):
            states = step([inputs(state, t) for state in states])
        return states

    mine = walked(lambda each: student.values([Call(given) for given in each]))
    for right in (reference, *(variant.function for variant in student.variants)):
        theirs = walked(lambda each, right=right: [right(**given) for given in each])  # type: ignore[misc]
        if all(
            torch.allclose(got, wanted, rtol=tolerance, atol=tolerance)
            for got_all, wanted_all, tolerance in zip(mine, theirs, (1e-3, 1e-9), strict=True)
            for got, wanted in zip(got_all, wanted_all, strict=True)
        ):
            return
    raise Fault(
        "run_goes_astray",
        tr(
            "Each single step is right, but a run of {steps} steps, each starting from what the step before has "
            "returned, ends elsewhere. Something is kept between calls besides what you return (a global "
            "variable, a default argument, an attribute of the function).",
            steps=STEPS_OF_A_RUN,
        ),
    )


def uses_the_generator(student: Student, inputs: dict[str, Any], what: str) -> None:
    """The same seed gives the same result, another seed another one, and each call moves the generator on."""
    seeds = [Seed(1), Seed(1), Seed(2)]
    first, again, other = student.values([Call({**inputs, "generator": seed}) for seed in seeds])
    one, two = student.values([Call({**inputs, "generator": Seed(1)}, times=2)])[0]
    if not _same(first, again):
        raise Fault(
            "generator_ignored",
            tr(
                "Two generators with the same seed give different results: some of the randomness does not come from "
                "`generator`. A run that cannot be repeated cannot be debugged."
            ),
        )
    if _same(first, other):
        raise Fault(
            f"always_the_same_{what}",
            tr("Generators with different seeds give the same result: a seed of your own is used somewhere."),
            about="generator",
        )
    if _same(one, two):
        raise Fault(
            "generator_not_advanced",
            tr(
                "Two calls with the same generator object give the same result, so every batch would be treated "
                "alike, and all layers of a network would start alike. Draw from `generator` itself, without "
                "seeding it again or copying its seed."
            ),
            about="generator",
        )


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple):
        return all(_same(x, y) for x, y in zip(a, b, strict=True))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else bool(a == b)
