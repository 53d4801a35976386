"""Whether an overflow is that of a known mistake, by where it begins: infinity and NaN say no more of their cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from backpass.judging.cases import Case, evaluate, map_tensors, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Failure
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Answer

_CASES = 12
_FEW, _LARGE = 3, 1000.0  # cases that are asked again, and how much larger
_MOST = 0.6  # of the wrong cases
_HALVINGS = 12
_SMALL = 1e-3  # of the inputs: with so little of them nothing overflows
_NEAR = 0.006  # share of the inputs; a small number in an exponent of about 100 is more


def may_overflow_so(function: Function, failure: Failure, student: Student) -> bool:
    """Whether the student's answers are not finite for all that a mistake which answers as they do cannot bear.

    Smaller inputs say nothing: a product beside the mistake may overflow before it does. True also where it is not
    mainly an overflow that is wrong.
    """
    cases = [
        failure.cases[index] for index in failure.wrong if _overflows(failure.cases[index], failure.answers[index])
    ]
    if len(cases) < _MOST * len(failure.wrong):
        return True
    begins = {begin: case for case in _spread(cases) if (begin := _begin(function, case)) < 1}
    near = [_scaled(case, begin * (1 + _NEAR)) for begin, case in begins.items()]
    mine = student.ask([case.call() for case in near]) if near else []
    theirs = [evaluate(function, case) for case in near]
    return not any(finite and not other for finite, other in zip(_finite(mine), _finite(theirs), strict=True))


def bears_as_much(function: Function, failure: Failure, student: Student, reference: Function) -> bool:
    """Whether the student's answers to much larger inputs are finite where a mistake's are.

    Asked of mistakes that nobody has written down as one: of moderate inputs the same answers come about in many ways.
    """
    wrong = [failure.cases[index] for index in failure.wrong if failure.answers[index].raised is None]
    if failure.random or any(case.cotangent is not None for case in wrong):
        return True
    larger = [_scaled(case, _LARGE) for case in wrong[:: max(1, len(wrong) // _FEW)]]
    theirs = [evaluate(function, case) for case in larger]
    right = _finite([evaluate(reference, case) for case in larger])
    told = [case for case, is_right, has in zip(larger, right, _finite(theirs), strict=True) if is_right and not has]
    return not told or not any(_finite(student.ask([case.call() for case in told])))


def _spread(cases: list[Case]) -> list[Case]:
    return cases[:: max(1, len(cases) // _CASES)]


def _begin(function: Function, case: Case) -> float:
    """The share of a case's inputs from which on a function's answer is not finite; 1 where there is none."""
    low, high = _SMALL, 1.0
    if _finite([evaluate(function, _scaled(case, low)), evaluate(function, case)]) != [True, False]:
        return 1.0
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        (finite,) = _finite([evaluate(function, _scaled(case, middle))])
        low, high = (middle, high) if finite else (low, middle)
    return high


def _scaled(case: Case, share: float) -> Case:
    def scaled(tensor: torch.Tensor) -> torch.Tensor:
        return tensor * share if tensor.is_floating_point() else tensor

    return replace(case, inputs=map_tensors(case.inputs, scaled), times=1)


def _overflows(case: Case, answer: Answer) -> bool:
    """Whether an answer is not finite where the right one is, or NaN where that is infinite."""
    if answer.raised is not None or case.statistics is not None:
        return False
    mine, right = ([*tensors(_in_order(value))] for value in (measured(case, answer), case.expected))
    return [each.shape for each in mine] == [each.shape for each in right] and any(
        bool(((~one.isfinite() & other.isfinite()) | (one.isnan() & ~other.isnan())).any())
        for one, other in zip(mine, right, strict=True)
    )


def _in_order(value: Any) -> Any:
    """A value with its dictionaries in an order that does not depend on how they were filled."""
    if isinstance(value, list | tuple):
        return [_in_order(each) for each in value]
    return {name: value[name] for name in sorted(value, key=str)} if isinstance(value, dict) else value


def is_all(failure: Failure) -> bool:
    """Whether nothing is wrong but that answers are not finite, tensors or Python's floats."""
    return not failure.random and all(
        _overflows(failure.cases[index], failure.answers[index])
        or _is_lost(measured(failure.cases[index], failure.answers[index]), failure.cases[index].expected)
        for index in failure.wrong
    )


def _is_lost(mine: Any, right: Any) -> bool:
    return isinstance(mine, float) and isinstance(right, float) and not math.isfinite(mine) and math.isfinite(right)


def _finite(answers: Sequence[Answer]) -> list[bool]:
    return [all(bool(each.isfinite().all()) for each in tensors(answer.value)) for answer in answers]
