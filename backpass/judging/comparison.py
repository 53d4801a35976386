"""Does an answer agree with the expected one? Form first, then finite, then close; the first difference counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from backpass.course.language import tr
from backpass.judging.cases import Case, map_tensors, same_form, tensors
from backpass.worker.calls import NO_GRADIENT, Answer, Raised
from backpass.worker.wire import Unsupported


@dataclass(frozen=True)
class Difference:
    """One way in which an answer is wrong.

    `kind` is one of raised, not_raised, none, type, length, shape, dtype, device, not_finite, no_gradient,
    value; `where` names the output (empty where there is only one); `text` says it in words.
    """

    kind: str
    where: str
    text: str


def differences(case: Case, answer: Answer, returns: tuple[str, ...]) -> list[Difference]:
    """Every output of `answer` that is wrong, in order; empty where the answer is right."""
    if isinstance(case.expected, Raised):
        if answer.raised is None:
            return [Difference("not_raised", "", tr("no {exception} is raised", exception=case.expected.kind))]
        if answer.raised.kind != case.expected.kind:
            text = tr(
                "{exception} is raised where {expected} is asked for",
                exception=answer.raised.kind,
                expected=case.expected.kind,
            )
            return [Difference("raised", "", text)]
        return []
    if answer.raised is not None:
        return [Difference("raised", "", f"{answer.raised.kind}: {answer.raised.text}")]
    if case.statistics is None:
        found = list(_compare(answer.value, case.expected, case.template, case.tolerance, "", returns, case))
    else:
        found = list(_compare_random(case, answer, returns))
    if not found and any(device != case.device for device in answer.devices):
        devices = ", ".join(sorted(set(answer.devices)))
        text = tr("the result is on {devices}, the inputs are on {device}", devices=devices, device=case.device)
        found.append(Difference("device", "", text))
    return found


def wrong_answers(cases: list[Case], answers: list[Answer], returns: tuple[str, ...]) -> dict[int, list[Difference]]:
    """The differences of every wrong answer, by its position.

    The frozen cases of a check are compared in one go first, so that a class costs little where it is right.
    """
    return dict(_wrong_answers(cases, answers, returns))


def are_right(cases: list[Case], answers: list[Answer], returns: tuple[str, ...]) -> bool:
    """Whether no answer is wrong; the first that is decides."""
    return next(_wrong_answers(cases, answers, returns), None) is None


def _wrong_answers(
    cases: list[Case], answers: list[Answer], returns: tuple[str, ...]
) -> Iterator[tuple[int, list[Difference]]]:
    for index in flat_cases(cases).doubtful(answers):
        found = differences(cases[index], answers[index], returns)
        if found:
            yield index, found


class _FlatCases:
    """Many cases as one long vector of expected numbers, with the tolerance and the case of each."""

    def __init__(self, cases: list[Case]) -> None:
        self._cases = cases
        self._can_be = [case.statistics is None and not isinstance(case.expected, Raised) for case in cases]
        expected, tolerance, owner = [], [], []
        for index, case in enumerate(cases):
            if self._can_be[index]:
                parts = [part.double().reshape(-1) for part in tensors(case.expected)]
                expected += parts
                tolerance += [part.double().reshape(-1) for part in tensors(case.tolerance)]
                owner += [torch.full((part.numel(),), index) for part in parts]
        self._expected = torch.cat(expected) if expected else torch.empty(0, dtype=torch.float64)
        tolerances = torch.cat(tolerance) if tolerance else torch.empty(0, dtype=torch.float64)
        # What is not finite must be met exactly: a bound of -1 is never kept.
        self._bound = torch.where(self._expected.isfinite(), tolerances, -1.0)
        self._owner = torch.cat(owner) if owner else torch.empty(0, dtype=torch.int64)
        self._sizes = [sum(part.numel() for part in tensors(case.expected)) for case in cases]

    def doubtful(self, answers: list[Answer]) -> list[int]:
        """The positions of the answers that are not clearly right."""
        doubtful, numbers = [], []
        for index, (case, answer) in enumerate(zip(self._cases, answers, strict=True)):
            found: list[torch.Tensor] = []
            fits = (
                self._can_be[index]
                and answer.raised is None
                and all(device == case.device for device in answer.devices)
                and _has_form(answer.value, case.expected, case.template, case.tolerance, found)
            )
            if not fits:
                doubtful.append(index)
            if self._can_be[index]:
                # A place holder for what does not fit: NaN agrees with no number.
                numbers += (
                    [each.reshape(-1) for each in found] if fits else [torch.full((self._sizes[index],), torch.nan)]
                )
        if numbers:
            flat = torch.cat([torch.empty(0, dtype=torch.float64), *numbers])
            wrong = ~((flat == self._expected) | ((flat - self._expected).abs() <= self._bound))
            if bool(wrong.any()):
                doubtful = sorted({*doubtful, *self._owner[wrong].tolist()})
        return doubtful


_flat: dict[int, _FlatCases] = {}


def flat_cases(cases: list[Case]) -> _FlatCases:
    """The frozen cases of a check as one vector; made once a run."""
    known = _flat.get(id(cases))
    if known is None or known._cases is not cases:
        known = _flat[id(cases)] = _FlatCases(cases)
    return known


def _has_form(got: Any, expected: Any, template: Any, tolerance: Any, found: list[torch.Tensor]) -> bool:
    """Whether an answer has the types, shapes and dtypes of the expected one; `found` takes its tensors."""
    if isinstance(expected, torch.Tensor):
        if not isinstance(got, torch.Tensor) or got.shape != expected.shape or got.dtype != template.dtype:
            return False
        found.append(got)
        return True
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            return False
        return all(
            _has_form(item, wanted, form, margin, found)
            for item, wanted, form, margin in zip(got, expected, template, tolerance, strict=True)
        )
    if isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            return False
        return all(_has_form(got[key], expected[key], template[key], tolerance[key], found) for key in expected)
    if type(expected) is float and type(got) is float:
        return bool(abs(got - expected) <= tolerance or got == expected)
    return False  # seldom: left to the long way


def measured(case: Case, answer: Answer) -> Any:
    """The statistics of an answer to a random case, where it has the form to have any; else its value."""
    if case.statistics is None or answer.raised is not None or not same_form(case.template, answer.value):
        return answer.value
    return case.statistics.measure(case.inputs, answer.value)


def _compare_random(case: Case, answer: Answer, returns: tuple[str, ...]) -> Iterator[Difference]:
    # Of a case that is asked several times, the form of each result by itself, so that its outputs have their names.
    several = case.times > 1 and isinstance(answer.value, list) and len(answer.value) == case.times
    values, templates = (answer.value, case.template) if several else ([answer.value], [case.template])
    wrong_form: list[Difference] = []
    for value, template in () if _has_the_form(values, templates) else zip(values, templates, strict=True):
        zeros = map_tensors(template, lambda tensor: torch.zeros(tensor.shape, dtype=torch.float64))
        wrong_form = wrong_form or list(_compare(value, zeros, template, _unbounded(zeros), "", returns, case))
    yield from wrong_form
    if not wrong_form:
        yield from _compare(measured(case, answer), case.expected, None, case.tolerance, "", returns, case)


def _has_the_form(got: Any, template: Any) -> bool:
    """Whether numbers have all the types, shapes and dtypes of a template; if not, or with NaN, `_compare` says it."""
    if isinstance(template, torch.Tensor):
        is_like = isinstance(got, torch.Tensor) and got.shape == template.shape and got.dtype == template.dtype
        return is_like and not got.is_complex() and not bool(got.isnan().any())
    if isinstance(template, (list, tuple)):
        return isinstance(got, (list, tuple)) and len(got) == len(template) and all(map(_has_the_form, got, template))
    return type(got) is type(template) and type(got) in (bool, int, float) and got == got


def _unbounded(form: Any) -> Any:
    """The tolerance of numbers of which only the form counts."""
    if isinstance(form, list | tuple):
        return [_unbounded(item) for item in form]
    if isinstance(form, dict):
        return {key: _unbounded(item) for key, item in form.items()}
    return form + torch.inf if isinstance(form, torch.Tensor) else torch.inf


def _compare(
    got: Any, expected: Any, template: Any, tolerance: Any, where: str, names: tuple[str, ...], case: Case
) -> Iterator[Difference]:
    if got is None and expected is not None:
        yield Difference("none", where, tr("the result is None"))
    elif isinstance(got, Unsupported):
        what = tr("a {type}", type=got.type_name)
        yield Difference("type", where, _is_not(what, _type_name(template)))
    elif isinstance(got, str) and got == NO_GRADIENT:
        # What an output does not depend on has the gradient 0, whether autograd says so or says nothing.
        if case.cotangent is None or not isinstance(expected, torch.Tensor) or bool(expected.any()):
            yield Difference("no_gradient", where, tr("no gradient arrives"))
    elif isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple):
            wanted = tr("{count} values", count=len(expected))
            if isinstance(template, list):
                wanted = tr("a list of {count}", count=len(expected))
            yield Difference("type", where, _is_not(_article(got), wanted))
        elif len(got) != len(expected):
            text = tr("{got} values are returned, expected {expected}", got=len(got), expected=len(expected))
            if where or isinstance(template, list):
                text = tr(
                    "the result is a {type} of length {got}, expected length {expected}",
                    type=_type_name(got),
                    got=len(got),
                    expected=len(expected),
                )
            yield Difference("length", where, text)
        else:
            for index, item in enumerate(got):
                inner = names[index] if len(names) == len(expected) > 1 else f"{where or 'result'}[{index}]"
                yield from _compare(item, expected[index], template[index], tolerance[index], inner, (), case)
    elif isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            mine, right = (_dict_of(each) if isinstance(each, dict) else _article(each) for each in (got, expected))
            yield Difference("type", where, _is_not(mine, right))
        else:
            for key, item in got.items():
                inner = f"{where}[{key}]" if where else str(key)
                if case.cotangent is not None:
                    inner = tr("gradient with respect to {name}", name=key)
                part = template[key] if isinstance(template, dict) else None  # statistics have none
                yield from _compare(item, expected[key], part, tolerance[key], inner, (), case)
    elif isinstance(expected, torch.Tensor):
        yield from _compare_tensor(got, expected, template, tolerance, where)
    elif isinstance(expected, float):
        if isinstance(got, bool) or not isinstance(got, int | float):
            yield Difference("type", where, _is_not(_article(got), tr("a Python float")))
        elif not abs(got - expected) <= tolerance and got != expected and not (got != got and expected != expected):
            yield Difference("value", where, tr("the value is wrong"))
    elif type(got) is not type(expected):
        yield Difference("type", where, _is_not(_article(got), _article(expected)))
    elif got != expected and tolerance != torch.inf:
        yield Difference("value", where, tr("the value is wrong"))


def _compare_tensor(
    got: Any, expected: torch.Tensor, template: torch.Tensor, tolerance: torch.Tensor, where: str
) -> Iterator[Difference]:
    if not isinstance(got, torch.Tensor):
        yield Difference("type", where, _is_not(_article(got), _article(expected)))
        return
    if got.shape != expected.shape:
        text = tr(
            "the result has shape {got}, expected {expected}", got=tuple(got.shape), expected=tuple(expected.shape)
        )
        yield Difference("shape", where, text)
        return
    if got.is_complex():
        yield Difference("dtype", where, _is_not(str(got.dtype), str(template.dtype)))
        return
    plain = got.double()
    right = expected.double()
    finite = right.isfinite()
    equal = plain == right
    close = finite & ((plain - right).abs() <= tolerance)
    both_nan = plain.isnan() & right.isnan()
    if not bool((equal | close | both_nan).all()):
        if bool((finite & ~plain.isfinite()).any()):
            what = "NaN" if bool(plain.isnan().any()) else tr("infinity")
            yield Difference("not_finite", where, tr("the result contains {what}", what=what))
        else:
            yield Difference("value", where, tr("the value is wrong"))
    elif got.dtype != template.dtype:
        yield Difference("dtype", where, _is_not(str(got.dtype), str(template.dtype)))


def _is_not(got: str, expected: str) -> str:
    return tr("the result is {got}, expected {expected}", got=got, expected=expected)


def _dict_of(value: dict[Any, Any]) -> str:
    return tr("a dict with {keys}", keys=", ".join(map(str, value)))


def _type_name(value: Any) -> str:
    return "torch.Tensor" if isinstance(value, torch.Tensor) else type(value).__name__


def _article(value: Any) -> str:
    if value is None:
        return "None"
    name = _type_name(value)
    return tr("an {type}", type=name) if name[0] in "aeiou" else tr("a {type}", type=name)
