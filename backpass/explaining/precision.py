"""Answers that are wrong by no more than a lower precision rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining.places import only_far_out
from backpass.judging.cases import same_form, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student
from backpass.worker.values import has_fractions

ENOUGH = 3  # numbers, before what they have in common means anything


def lost_precision(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Wrong by no more than a lower precision rounds: to some decimals, float32 under float64, or half precision."""
    decimals = None if failure.random else _rounded_to(failure)
    if decimals is not None:  # of large numbers decimals are so many that they look like float32's
        text = tr("Your numbers are rounded to {decimals} decimals: return them as they are.", decimals=decimals)
        return Description("rounded", text)
    if is_right_but_rounded(failure, exercise):
        text = tr(
            "For float64 inputs your result has only float32's precision. Is there a float32 tensor, a constant "
            "with few digits or a rounding on the way?"
        )
        return Description("float32_inside", text)
    if not failure.random and _within(failure, torch.float16):
        far_out = only_far_out(failure, exercise)
        if far_out is not None:
            return far_out
        text = tr(
            "Close, but not close enough. Is something rounded (a lower precision, round, a constant with few "
            "digits), is a small number added, or is a small term left out?"
        )
        return Description("imprecise", text)
    return None


def is_right_but_rounded(failure: Failure, exercise: Exercise) -> bool:
    """Whether only float64 is wrong, most of it, and by no more than float32 rounds: no formula is wrong then."""
    if any(failure.cases[index].dtype != torch.float64 for index in failure.wrong):
        return False
    if 2 * len(failure.wrong) < sum(case.dtype == torch.float64 for case in failure.cases):
        return False  # what is wrong in a corner only, and by little there, is no rounding
    if failure.random:
        return _numbers_are_rounded(failure)
    # What is cut off far out is wrong by as little.
    return _within(failure, torch.float32) and only_far_out(failure, exercise) is None


def are_cut_to_whole(failure: Failure) -> bool:
    """Whether all wrong answers are whole numbers where fractions are asked for."""
    if failure.random or failure.cases[0].cotangent is not None:
        return False
    return not any(
        failure.answers[index].raised is not None
        or any(map(has_fractions, _numbers(failure.answers[index].value)))
        or not any(map(has_fractions, _numbers(failure.cases[index].expected)))
        for index in failure.wrong
    )


def _rounded_to(failure: Failure) -> int | None:
    """The number of decimals that every number of the answers has, where the right ones have more."""
    values = [number for index in failure.wrong for number in _numbers(failure.answers[index].value)]
    right = [number for index in failure.wrong for number in _numbers(failure.cases[index].expected)]
    floating = all(number.is_floating_point() and bool(number.isfinite().all()) for number in (*values, *right))
    if not values or not floating or not _within(failure, torch.float16):
        return None
    numbers = torch.cat([value.double().reshape(-1) for value in values])
    exact = torch.cat([4 * torch.finfo(v.dtype).eps * v.double().abs().reshape(-1) for v in values])
    for decimals in range(1, 7):
        tells = exact < 0.05 * 10**-decimals  # of larger ones every number is as good as rounded
        if int(tells.sum()) >= ENOUGH and bool(((numbers - numbers.round(decimals=decimals)).abs() <= exact).all()):
            return decimals
    return None


def _numbers_are_rounded(failure: Failure) -> bool:
    """The same of random answers: of the numbers that they are judged by."""
    for index, found in failure.wrong.items():
        case = failure.cases[index]
        numbers = measured(case, failure.answers[index])
        if not isinstance(numbers, dict) or not isinstance(case.expected, dict):
            return False
        for name in (each.where for each in found):
            got, expected = numbers.get(name), case.expected.get(name)
            if not isinstance(got, float) or not isinstance(expected, float):
                return False
            if not abs(got - expected) <= torch.finfo(torch.float32).eps * abs(expected):
                return False
    return True


def _numbers(tree: Any) -> Iterator[torch.Tensor]:
    """Every number in a value, Python floats included."""
    if isinstance(tree, float):
        yield torch.tensor(tree, dtype=torch.float64)
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from _numbers(item)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _numbers(item)
    elif isinstance(tree, torch.Tensor):
        yield tree


def _within(failure: Failure, dtype: torch.dtype) -> bool:
    """Whether every wrong number is as near as computing in `dtype` would be."""
    for index in failure.wrong:
        case, value = failure.cases[index], failure.answers[index].value
        ratio = torch.finfo(dtype).eps / torch.finfo(case.dtype or torch.float32).eps
        if not same_form(value, case.expected) or not any(True for _ in tensors(value)):
            return False
        for got, expected, tolerance in zip(
            _numbers(value), _numbers(case.expected), _numbers(case.tolerance), strict=True
        ):
            # A tenth of what rounding may do at worst: a wrong formula must not hide behind it.
            off = (got.double() - expected.double()).abs()  # bool tensors too
            largest = expected.double().abs().nan_to_num(posinf=0.0).max() if expected.numel() else off.new_zeros(())
            near = (off <= 0.1 * ratio * tolerance) & (off <= 0.02 * largest)
            if dtype == torch.float32:  # exact steps, of which little is tolerated
                near |= off <= 2 * torch.finfo(dtype).eps * expected.double().abs()
            if not bool((near | (got == expected)).all()):
                return False
    return True
