"""The case that gives a mistake away: small, and one in which a reader sees it.

Hypothesis shrinks a wrong answer to the simplest case; that is all zeros where zeros are wrong, too. So it is first
asked for cases with numbers that tell: none of them 0, all of them different, and an answer that is visibly off.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from backpass.judging.cases import Case, tensors
from backpass.judging.comparison import differences, measured
from backpass.judging.failures import Failure
from backpass.worker.calls import Answer

MAX_CALLS = 100
_VISIBLE = 0.01  # relative difference
_SMALL = 0.05  # of the largest number of an answer; what is smaller is measured by this
_FEW = 12  # numbers of a tensor that a reader compares one by one


# What is asked of the inputs, and then of the case that is made of them, which takes much longer.
_Search = tuple[tuple[Callable[[dict[str, Any]], bool], ...], Callable[[Case], bool]]


class _Enough(Exception):
    """Ends a search whose budget is spent."""


def most_telling(
    case: Case,
    answer_to: Callable[[Case], Answer],
    parameters: dict[str, Any],
    reference: Callable[..., Any],
    returns: tuple[str, ...],
) -> Case:
    """The simplest case like `case`, which was drawn, that `answer_to` answers visibly wrongly; else just wrongly.

    Best is one with more than one of everything: with one sample a sum is a mean, with one feature a row is a column.
    At most three times `MAX_CALLS` questions are asked; at worst it is `case` itself.
    """

    def is_wrong(candidate: Case) -> bool:
        answer = answer_to(candidate)
        # An exception shows less than a wrong number does.
        return answer.raised is None and bool(differences(candidate, answer, returns))

    def is_visibly_wrong(candidate: Case) -> bool:
        answer = answer_to(candidate)
        return answer.raised is None and bool(differences(candidate, answer, returns)) and is_visible(candidate, answer)

    # Where even the best case at hand overflows, none with finite numbers is to be found.
    overflows = _is_finite(case.expected) and not _is_finite(measured(case, answer_to(case)))
    wrong: _Search = (), is_wrong
    telling: _Search = (has_telling_numbers,), is_visibly_wrong
    roomy: _Search = (is_roomy, has_telling_numbers), is_visibly_wrong
    found = (
        _simplest(case, search, parameters, reference)
        for search in ((wrong,) if overflows else (roomy, telling, wrong))
    )
    return next(filter(None, found), case)


def most_visible(failure: Failure) -> int:
    """The wrong case that shows most: an answer that is visibly off, numbers that tell, and few of them."""

    def key(index: int) -> tuple[bool, bool, bool, tuple[int, int]]:
        case = failure.cases[index]
        raised = failure.answers[index].raised is not None
        return raised, not has_telling_numbers(case.inputs), not is_roomy(case.inputs), size_of(case)

    ranked = sorted(failure.wrong, key=key)
    if failure.random:
        return ranked[0]
    answered = (index for index in ranked if failure.answers[index].raised is None)
    return next((index for index in answered if is_visible(failure.cases[index], failure.answers[index])), ranked[0])


def size_of(case: Case) -> tuple[int, int]:
    """How many numbers a case has, and in how many tensors."""
    sizes = [value.numel() for value in case.inputs.values() if isinstance(value, torch.Tensor)]
    return sum(sizes), len(sizes)


def is_roomy(inputs: dict[str, Any]) -> bool:
    """Whether no input has a dimension of size 1."""
    return all(min(each.shape, default=2) > 1 for each in tensors(inputs) if each.is_floating_point())


def has_telling_numbers(inputs: dict[str, Any]) -> bool:
    """Whether the numbers of an input differ, and none is 0: then it shows which one is used where.

    Of a large tensor half of them will do.
    """
    for tensor in tensors(inputs):
        if tensor.is_floating_point() and tensor.numel():
            numbers = tensor.reshape(-1).tolist()
            different = {number for number in numbers if number and math.isfinite(number)}
            if len(different) < len(numbers) / (1 if len(numbers) <= _FEW else 2):
                return False
    return True


def is_visible(case: Case, answer: Answer) -> bool:
    """Whether an answer differs from the right one where a reader would see it."""
    mine = measured(case, answer)
    largest = max((_largest(tensor) for tensor in tensors(case.expected)), default=0.0)
    differs = _differs(mine, case.expected, max(_SMALL * largest, 1e-3))
    return differs and (_is_finite(mine) or not _is_finite(case.expected))


def _largest(tensor: torch.Tensor) -> float:
    numbers = tensor.double().abs()
    return float(numbers[numbers.isfinite()].max()) if bool(numbers.isfinite().any()) else 0.0


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return all(bool(tensor.isfinite().all()) for tensor in tensors(value))


def _differs(mine: Any, right: Any, least: float) -> bool:
    if isinstance(right, dict):
        return not isinstance(mine, dict) or any(_differs(mine.get(name), right[name], least) for name in right)
    if isinstance(right, list | tuple):
        if not isinstance(mine, list | tuple) or len(mine) != len(right):
            return True
        return any(_differs(one, other, least) for one, other in zip(mine, right, strict=True))
    if isinstance(right, torch.Tensor):
        if not isinstance(mine, torch.Tensor) or mine.shape != right.shape or mine.is_complex():
            return True
        got, wanted = mine.double(), right.double()
        off = (got - wanted).abs() > _VISIBLE * wanted.abs().clamp(min=least)
        return bool((off | (got.isfinite() != wanted.isfinite())).any())
    if isinstance(right, float) and isinstance(mine, float):
        if not math.isfinite(mine) or not math.isfinite(right):
            return mine != right
        return abs(mine - right) > _VISIBLE * max(abs(right), 1e-3)
    return type(mine) is not type(right) or bool(mine != right)


def _simplest(case: Case, search: _Search, parameters: dict[str, Any], reference: Callable[..., Any]) -> Case | None:
    """The simplest case from the same strategy of which all of `search` holds, as far as `MAX_CALLS` go."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import Flaky, NoSuchExample

    origin = case.origin
    assert origin is not None and origin.strategy is not None
    dtype = case.dtype or origin.dtypes[0]  # labels alone have no floating dtype
    of_inputs, of_case = search
    best: Case | None = case if all(holds(case.inputs) for holds in of_inputs) and of_case(case) else None
    calls = 0

    def is_one(inputs: dict[str, Any]) -> bool:
        nonlocal best, calls
        calls += 1
        if calls > MAX_CALLS:
            raise _Enough
        if not all(holds(inputs) for holds in of_inputs):
            return False
        candidate = origin.make(inputs, parameters, reference)
        if not of_case(candidate):
            return False
        best = candidate  # Hypothesis tries smaller and smaller ones once it has found one
        return True

    try:
        inputs = find(
            origin.strategy(dtype),
            is_one,
            settings=settings(
                max_examples=40,
                database=None,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except (_Enough, NoSuchExample, Flaky):  # Flaky: stopped in the midst of trying one again
        return best
    return origin.make(inputs, parameters, reference)
