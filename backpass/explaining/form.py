"""An answer of the wrong form: None, another type, length, shape or dtype."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.explaining.likeness import close
from backpass.explaining.outputs import output_of
from backpass.judging.cases import Case, tensors
from backpass.judging.comparison import wrong_answers
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student


def wrong_form(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """What is returned has another form than what is asked for."""
    for index, found in failure.wrong.items():
        case, answer, first = failure.cases[index], failure.answers[index], found[0]
        if first.kind == "none" and not _may_be_none(failure, first.where, exercise):
            text = tr("`{name}` returns None. Is a `return` missing, or is it still a stub?", name=exercise.name)
            if any(each.raised is None and each.value is not None for each in failure.answers):
                text = tr(
                    "`{name}` returns None here, because one way through it ends without a `return`.",
                    name=exercise.name,
                )
            if first.where:
                text = tr(
                    "`{name}` returns None for `{output}`. Is a `return` missing, or is it still a stub?",
                    name=exercise.name,
                    output=first.where,
                )
            return Description("returns_none", text, index)
        if first.kind == "no_gradient":
            text = tr(
                "The value is right, but no {gradient} arrives: something on the way leaves autograd's graph "
                "(detach, .item(), .data, torch.no_grad, a new torch.tensor(...) of old numbers).",
                gradient=first.where,
            )
            return Description("gradient_cut", text, index)
        if first.kind == "length" and (ends := _ends_early(failure, first.where, exercise)):
            return Description("wrong_length", ends[1], ends[0], "cause")
        if first.kind == "length" or (first.kind == "type" and not _may_be_none(failure, first.where, exercise)):
            return Description("wrong_type", f"{_sentence(first.text, first.where)}.", index)
        if first.kind == "device":
            return Description("wrong_device", f"{_sentence(first.text, first.where)}.", index)
        if first.kind == "dtype":
            what = _sentence(first.text, first.where)
            text = f"{what}."
            wanted = output_of(case.template, first.where, exercise)
            is_float = isinstance(wanted, torch.Tensor) and wanted.is_floating_point()
            if is_float and any(
                tensor.is_floating_point() for tensor in tensors(case.inputs)
            ):  # else the stub names it
                text = tr("{wrong_dtype}. Keep the dtype of the inputs.", wrong_dtype=what)
            return Description("wrong_dtype", text, index)
        if first.kind == "shape":
            return Description("wrong_shape", _about_shape(case, answer.value, first, exercise), index)
    return None


def of_another_type(failure: Failure) -> str:
    """That the answers are of another type, a sentence to begin with; nothing where some are not."""
    first = [found[0] for found in failure.wrong.values()]
    is_so = len({each.kind for each in first}) == 1 and first[0].kind in ("type", "dtype")
    return f"{_sentence(first[0].text, first[0].where)}. " if is_so else ""


def in_the_right_form(failure: Failure, exercise: Exercise) -> Failure | None:
    """The failure that is left when all answers have the types and dtypes that are asked for; None without any."""
    if failure.random or failure.cases[0].cotangent is not None:
        return None
    given = zip(failure.cases, failure.answers, strict=True)
    answers = [replace(answer, value=_formed(answer.value, case.template)) for case, answer in given]
    wrong = wrong_answers(failure.cases, answers, exercise.returns)
    is_of_values = all(found.kind == "value" for each in wrong.values() for found in each)
    return Failure(failure.cases, answers, wrong, failure.describe, failure.cases) if wrong and is_of_values else None


def _formed(value: Any, template: Any) -> Any:
    """A value as what is asked for, where it says the same."""
    if isinstance(template, torch.Tensor) and isinstance(value, torch.Tensor | float | int):
        return torch.as_tensor(value).to(template.dtype)
    if isinstance(template, bool | int | float) and isinstance(value, torch.Tensor | float | int):
        return type(template)(value) if torch.as_tensor(value).numel() == 1 else value
    if isinstance(template, list | tuple) and isinstance(value, list | tuple) and len(value) == len(template):
        return type(template)(map(_formed, value, template))
    return value


def is_right_but_for_its_shape(failure: Failure) -> bool:
    """Whether all wrong answers have the right numbers, laid out in another shape."""
    for index in failure.wrong:
        case, value = failure.cases[index], failure.answers[index].value
        if not isinstance(value, torch.Tensor) or not isinstance(case.template, torch.Tensor):
            return False
        right = case.template.reshape(-1)
        if value.shape == case.template.shape or not close(value.reshape(-1), right, 0.0, False, case.dtype):
            return False
    return True


def _ends_early(failure: Failure, where: str, exercise: Exercise) -> tuple[int, str] | None:
    """Of lists that are right as far as they go, and go on, end or begin where they should not: with a case of it."""
    told: dict[str, list[tuple[int, int, int]]] = {}  # the sizes of cases, and these
    for index, found in failure.wrong.items():
        case = failure.cases[index]
        got = output_of(failure.answers[index].value, where, exercise)
        expected = output_of(case.template, where, exercise)
        if found[0].kind != "length" or not isinstance(got, list) or not isinstance(expected, list) or not got:
            continue
        both = min(len(got), len(expected))
        parts = slice(both), slice(-both, None)
        begins, ends = (close(got[each], expected[each], 0.0, False, case.dtype) for each in parts)
        if not begins or not ends:  # where all entries are equal, any of them may be missing
            is_short = len(got) == both
            way = "late" if ends and is_short else "otherwise" if ends or not begins else "early" if is_short else "on"
            size = sum(tensor.numel() for tensor in tensors(case.inputs))
            told.setdefault(way, []).append((size + len(expected), len(got), index))
    if len(told) != 1 or told.keys() - _ENDS.keys():
        return None
    ((way, cases),) = told.items()
    *_, index = min(cases)
    got, expected = (
        output_of(value, where, exercise) for value in (failure.answers[index].value, failure.cases[index].template)
    )
    subject = f"`{where}`" if where else tr("Your list")
    return index, tr(_ENDS[way], subject=subject, got=len(got), expected=len(expected))


_ENDS = {
    "early": later("{subject} ends after {got} of {expected} entries. These are right, and the rest is missing."),
    "on": later("{subject} has {got} entries. The first {expected} are right, and nothing should come after them."),
    "late": later("{subject} begins too late: it has only the last {got} of {expected} entries, which are right."),
}


def _may_be_none(failure: Failure, where: str, exercise: Exercise) -> bool:
    """Whether None is the right answer to other cases: then it is a wrong value here, and no missing return."""
    return not failure.random and any(output_of(case.expected, where, exercise) is None for case in failure.cases)


def _sentence(text: str, where: str) -> str:
    return text.replace(tr("the result"), f"`{where}`", 1) if where else text[0].upper() + text[1:]


def _about_shape(case: Case, value: Any, difference: Any, exercise: Exercise) -> str:
    text = _sentence(difference.text, difference.where)
    got, expected = output_of(value, difference.where, exercise), output_of(case.template, difference.where, exercise)
    if not isinstance(got, torch.Tensor) or not isinstance(expected, torch.Tensor):
        return f"{text}."
    if tuple(got.shape) == tuple(expected.shape)[::-1]:
        return tr("{wrong_shape}: transposed.", wrong_shape=text)
    if got.numel() == expected.numel():
        if [size for size in got.shape if size != 1] != [size for size in expected.shape if size != 1]:
            return tr(
                "{wrong_shape}: it has the right number of elements, flattened or in another shape.", wrong_shape=text
            )
        if got.dim() > expected.dim():
            return tr("{wrong_shape}: a dimension of size 1 is kept (look at keepdim and squeeze).", wrong_shape=text)
        return tr("{wrong_shape}: a dimension of size 1 is lost (look at keepdim and squeeze).", wrong_shape=text)
    if expected.numel() < got.numel():
        return tr(
            "{wrong_shape}: a sum over a dimension is missing, or two shapes were broadcast against each other.",
            wrong_shape=text,
        )
    return tr("{wrong_shape}: too much was summed, or only a part is returned.", wrong_shape=text)
