"""What a check asserts of a student's answers; each raises a Failure or a Fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.judging.cases import Case, evaluate, map_tensors, tensors, with_answer
from backpass.judging.comparison import are_right, differences, wrong_answers
from backpass.judging.failures import Describe, Failure, Fault
from backpass.judging.student import Student
from backpass.judging.variants import Function, Variant
from backpass.worker.calls import PRINTED, Answer


def agree(student: Student, cases: list[Case], describe: Describe | None = None, *, strictly: bool = False) -> None:
    """Every answer agrees with the reference, or, if not `strictly`, all of them with one accepted variant of it."""
    if student.trusted is not None:
        _agrees_where_it_tells(student.trusted, student, cases)
    answers = student(cases)
    returns = student.exercise.returns
    wrong = wrong_answers(cases, answers, returns)
    if not wrong:
        return
    first = next(iter(wrong))
    if strictly or not any(_follows(variant, student, cases, answers, first) for variant in student.variants):
        if student.trusted is not None:
            _note(cases, first)
        raise Failure(cases, answers, wrong, describe)


_FEW = 4
_telling: dict[int, tuple[list[Case], list[int]]] = {}  # the cases that told wrong answers lately, by their positions


def _agrees_where_it_tells(function: Function, student: Student, cases: list[Case]) -> None:
    """Ask a few of the frozen cases of a check, one by one: most wrong answers show in what told the last ones."""
    known = _telling.get(id(cases))
    lately = known[1] if known is not None and known[0] is cases else []
    for index in dict.fromkeys((*lately, *range(min(_FEW, len(cases))))):
        answer = evaluate(function, cases[index])
        wrong = differences(cases[index], answer, student.exercise.returns)
        if wrong:
            _note(cases, index)
            raise Failure(cases[index : index + 1], [answer], {0: wrong})


def _note(cases: list[Case], index: int) -> None:
    known = _telling.get(id(cases))
    lately = known[1] if known is not None and known[0] is cases else []
    _telling[id(cases)] = cases, [index, *(each for each in lately if each != index)][:_FEW]


def _follows(variant: Variant, student: Student, cases: list[Case], answers: list[Answer], told_by: int) -> bool:
    """Whether all answers are a variant's; the one at `told_by`, which is not the reference's, is compared first."""
    returns = student.exercise.returns
    if differences(one_by_variant(variant, cases[told_by]), answers[told_by], returns):
        return False
    if not are_right(by_variant(variant, cases), answers, returns):
        return False
    student.notes[variant.note] = None
    return True


_variant_cases: dict[tuple[int, int], tuple[list[Case], list[Case]]] = {}
_variant_case: dict[tuple[int, int], tuple[Case, Case]] = {}


def by_variant(variant: Variant, cases: list[Case]) -> list[Case]:
    """`cases` with the answers of an accepted variant; computed once for the frozen cases of a run."""
    key = id(variant), id(cases)
    if key not in _variant_cases:
        _variant_cases[key] = cases, [one_by_variant(variant, case) for case in cases]
    return _variant_cases[key][1]


def one_by_variant(variant: Variant, case: Case) -> Case:
    """One of the frozen cases with the answer of an accepted variant: a look at it may be enough."""
    key = id(variant), id(case)
    if key not in _variant_case:
        _variant_case[key] = case, with_answer(case, variant.function)
    return _variant_case[key][1]


def with_flags_of_numbers(student: Student, cases: list[Case]) -> list[Case]:
    """`cases`, or for a submission whose flags are the numbers 0 and 1, with templates whose flags have their dtype."""
    if len(student.exercise.returns) != 2:  # flags come beside what they are of
        return cases
    dtypes = [_dtype_of_flags(case, answer) for case, answer in zip(cases, student(cases), strict=True)]
    if None in dtypes or set(dtypes) == {torch.bool}:
        return cases
    name = student.exercise.returns[1]
    note = tr(
        "Right. `{name}` holds the numbers 0 and 1. A bool tensor would say what they mean, and could be "
        "used as an index.",
        name=name,
    )
    student.notes[note] = None

    def recast(template: Any, dtype: torch.dtype | None) -> Any:
        if isinstance(template, list):
            return [recast(item, dtype) for item in template]
        return template[0], template[1].to(dtype)

    return [replace(case, template=recast(case.template, dtype)) for case, dtype in zip(cases, dtypes, strict=True)]


def _dtype_of_flags(case: Case, answer: Answer) -> torch.dtype | None:
    """The dtype of the second output where it holds nothing but 0 and 1, else None."""
    results = answer.value if case.times > 1 else [answer.value]
    if answer.raised is not None or not isinstance(results, list):
        return None
    if not all(isinstance(result, list | tuple) and len(result) == 2 for result in results):
        return None
    flags = [result[1] for result in results]
    if not all(isinstance(flag, torch.Tensor) and bool(((flag == 0) | (flag == 1)).all()) for flag in flags):
        return None
    dtypes = {flag.dtype for flag in flags}
    return dtypes.pop() if len(dtypes) == 1 else None


def leaves_inputs_alone(student: Student, cases: list[Case]) -> None:
    """No call changed a tensor or a list that it was given: none of `cases`, and none that was made before."""
    student(cases)
    for case, answer in student.answered():
        for name in answer.changed:
            raise Fault(
                "input_modified",
                tr(
                    "The call changes its input `{name}`, which the caller still needs. Compute new tensors instead of "
                    "writing into those that you are given: += and -=, a trailing underscore as in mul_, and x[...] = "
                    "all write in place.",
                    name=name,
                ),
                replace(case, expected=None),
            )


GRADIENT_NOT_FINITE = later(
    "The gradient that autograd finds in your function is not finite here, and one such number spoils every weight in "
    "a single step. On the way back each operation multiplies by its slope. Where a slope is infinite and the next one "
    "is 0, the product is NaN, also in the branch of a torch.where that was not chosen. Keep each operation from "
    "numbers at which its slope is infinite or NaN (an exp that overflows, a logarithm or a root of 0): to mend its "
    "result comes too late."
)


def has_finite_gradients(student: Student, cases: list[Case]) -> None:
    """The gradient that autograd finds in the answers is finite; at a kink any slope will do."""
    asked = [replace(case, cotangent=map_tensors(case.template, torch.ones_like), expected=None) for case in cases]
    answers = student.ask([case.call() for case in asked])
    for case, answer in zip(asked, answers, strict=True):
        if not all(bool(slope.isfinite().all()) for slope in tensors(answer.value)):
            raise Fault("gradient_not_finite", tr(GRADIENT_NOT_FINITE), case)


# What a call may change, as the student's side has it.
_SHARED = (
    later("torch's global random state"),
    later("Python's global random state"),
    later("NumPy's global random state"),
    later("torch's default dtype"),
    later("whether torch records gradients"),
)


def leaves_no_trace(student: Student, cases: list[Case]) -> None:
    """No call printed anything or changed global state: none of `cases`, and none that was made before."""
    student(cases)
    for case, answer in student.answered():
        for effect in answer.side_effects:
            if effect == PRINTED:
                tell = tr("The call prints something. Take the print out again: a class calls you often.")
                raise Fault("prints", tell, case)
            if "generator" in case.inputs and "random" in effect:
                tell = tr("You draw from {what}, which everybody shares. Draw from `generator`.", what=tr(effect))
            else:
                tell = tr("The call changes {what}, which everybody shares.", what=tr(effect))
            raise Fault("global_state_changed", tell, case)
