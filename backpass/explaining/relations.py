"""Wrong answers that are something else, number by number: a copy, a multiple, a transpose, one right row of many."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining.outputs import output_of, right_cases, wrong_outputs
from backpass.judging.cases import Case, tensors
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student

_CASES = 3  # of different inputs, not of another dtype alone, before a factor means anything
_ROWS = 5  # wrong ones, before the only right one means anything


def copied(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A wrong output is always zeros, or an input, or another output."""
    for where, cases in wrong_outputs(failure, exercise):
        parts = [(case, value) for case, _, value in cases if isinstance(value, torch.Tensor)]
        if not parts or len(parts) < len(cases):
            continue
        subject = f"`{where}`" if where else tr("Your result")
        others = [output_of(failure.answers[index].value, where, exercise) for index in right_cases(failure)]
        others += [
            output_of(answer.value, where, exercise) for _, answer in student.answered() if answer.raised is None
        ]
        if not any(
            isinstance(value, torch.Tensor) and bool(value.any()) for value in [*others, *(value for _, value in parts)]
        ):
            text = tr("{subject} is all zeros, whatever the inputs are. Is it ever filled in?", subject=subject)
            return Description("all_zeros", text)
        for name in exercise.parameters:
            is_it = all(_is(value, case.inputs.get(name)) for case, value in parts)
            if is_it and any(bool(case.inputs[name].any()) for case, _ in parts):  # zeros are like any other zeros
                text = tr("{subject} is the input `{name}`, unchanged.", subject=subject, name=name)
                if others:
                    text = tr("Where it is wrong, it is the input `{name}`, unchanged.", name=name)
                return Description("returns_an_input", text)
        for position, name in enumerate(exercise.returns if failure.cases[0].cotangent is None else ()):
            several = len(exercise.returns) > 1 and name != where
            if several and all(_is(value, case.expected[position]) for case, value in parts):
                text = tr(
                    "{subject} is what `{name}` should be. Look at the order in which you return the results.",
                    subject=subject,
                    name=name,
                )
                return Description("returned_in_another_order", text, degree="cause")
    return None


def _is(value: torch.Tensor, other: Any) -> bool:
    return (
        isinstance(other, torch.Tensor)
        and value.shape == other.shape
        and torch.allclose(value.double(), other.double(), rtol=1e-5, atol=1e-12, equal_nan=True)
    )


def scaled(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A wrong output is the right one times a constant, or times a size of the input."""
    for where, cases in wrong_outputs(failure, exercise):
        ratios = [(case, _ratio(value, expected)) for case, expected, value in cases]
        different = {round(sum(each.double().norm().item() for each in tensors(case.inputs)), 2) for case, _ in ratios}
        if len(different) < _CASES or any(ratio is None for _, ratio in ratios):
            continue
        others = [output_of(failure.cases[index].expected, where, exercise) for index in right_cases(failure)]
        if any(isinstance(value, torch.Tensor) and bool(value.any()) for value in others):
            continue  # right somewhere: then it is not the same factor everywhere
        subject = f"`{where}`" if where else tr("Your result")
        for text, size in _sizes(ratios[0][0]):
            if all(_near(ratio, size(case)) for case, ratio in ratios):
                if text == "-1":
                    return Description(
                        "wrong_sign", tr("{subject} has the wrong sign, in every case.", subject=subject)
                    )
                tell = tr(
                    "{subject} is exactly {factor} times what it should be, in every case.",
                    subject=subject,
                    factor=text,
                )
                return Description("constant_factor", tell)
        values = [ratio for _, ratio in ratios if ratio is not None]
        if _near(values[0], 1.0):
            continue  # wrong by its rounding, or by its dtype alone
        if all(_near(value, values[0]) for value in values):
            tell = tr("{subject} is always {factor:.4g} times what it should be.", subject=subject, factor=values[0])
            return Description("constant_factor", tell)
        for text, size in _sizes(ratios[0][0]):
            scaled = [ratio / number if ratio and (number := size(case)) else 0.0 for case, ratio in ratios]
            if scaled[0] and all(_near(value, scaled[0]) for value in scaled):
                tell = tr(
                    "{subject} is always {factor:.4g} * {size} times what it should be: is a size a fixed number?",
                    subject=subject,
                    factor=scaled[0],
                    size=text,
                )
                return Description("constant_factor", tell)
    return None


def _ratio(value: Any, expected: Any) -> float | None:
    """The one factor between two tensors or numbers, None where there is none."""
    if isinstance(value, float) and isinstance(expected, float):
        return value / expected if value and expected and math.isfinite(value / expected) else None
    if not isinstance(value, torch.Tensor) or not isinstance(expected, torch.Tensor) or value.shape != expected.shape:
        return None
    got, right = value.double().reshape(-1), expected.double().reshape(-1)
    if not bool(got.isfinite().all() & right.isfinite().all()) or not bool(right.any()):
        return None
    factor = (got @ right / (right @ right)).item()
    return factor if bool(((got - factor * right).abs() <= 1e-5 * right.abs().max() * abs(factor)).all()) else None


def _near(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and math.isclose(a, b, rel_tol=1e-4)


def _sizes(case: Case) -> Iterator[tuple[str, Callable[[Case], float | None]]]:
    """Factors worth naming: small constants, and the sizes of the input's dimensions and their inverses."""
    for text, constant in (("-1", -1.0), ("2", 2.0), ("1/2", 0.5), ("-2", -2.0), ("-1/2", -0.5)):
        yield text, lambda _, constant=constant: constant  # type: ignore[misc]
    for name, value in case.inputs.items():
        if not isinstance(value, torch.Tensor):
            continue
        for axis in range(value.dim()):

            def size(case: Case, name: str = name, axis: int = axis) -> float | None:
                shape = case.inputs[name].shape
                return float(shape[axis]) if axis < len(shape) else None

            label = f"{name}.shape[{axis}]"
            yield label, size
            yield f"1/{label}", lambda case, size=size: 1 / number if (number := size(case)) else None  # type: ignore[misc]
            yield f"-{label}", lambda case, size=size: -number if (number := size(case)) else None  # type: ignore[misc]
            yield f"-1/{label}", lambda case, size=size: -1 / number if (number := size(case)) else None  # type: ignore[misc]


def transposed(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A wrong output is the transpose of the right one."""
    for where, cases in wrong_outputs(failure, exercise):
        if all(
            isinstance(value, torch.Tensor) and value.dim() == 2 and _is(value.T, right) for _, right, value in cases
        ):
            subject = f"`{where}`" if where else tr("Your result")
            text = tr("{subject} is the transpose of what it should be.", subject=subject)
            return Description("transposed", text)
    return None


def _has_rows(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() > 0 and len(value) > 1


def one_row_only(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Only the first row, or only the last, is right: a loop that ends too early or overwrites."""
    for where, cases in wrong_outputs(failure, exercise):
        if any(_has_rows(output_of(failure.cases[index].expected, where, exercise)) for index in right_cases(failure)):
            continue  # no loop ends early in one case and not in another
        rows = []
        for _, expected, value in cases:
            if (
                not isinstance(value, torch.Tensor)
                or value.dim() == 0
                or value.shape != expected.shape
                or len(value) < 2
            ):
                break
            right = expected.double()
            off = (value.double() - right).abs() > 1e-4 * (1 + right.abs())
            rows.append(off.reshape(len(value), -1).any(-1))
        else:
            subject = f"`{where}`" if where else tr("the result")
            if all(not row[0] and row[1:].all() for row in rows):
                text = tr(
                    "Only the first row of {subject} is right: does a loop end (or return) after its first round?",
                    subject=subject,
                )
                return Description("first_row_only", text)
            # By chance the last of two rows is right as well, where something else is wrong.
            is_much = len(rows) > 1 and sum(len(row) - 1 for row in rows) >= _ROWS
            if is_much and all(not row[-1] and row[:-1].all() for row in rows):
                text = tr(
                    "Only the last row of {subject} is right: does each round of a loop overwrite the one before?",
                    subject=subject,
                )
                return Description("last_row_only", text)
    return None
