"""What can be said of any wrong answer that no catalogued mistake explains.

Each pattern has an id of its own for the map of mistakes, and a sentence for the student.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.explaining.form import wrong_form
from backpass.explaining.likeness import close
from backpass.explaining.meanings import meaning
from backpass.explaining.outputs import exchanged, right_cases
from backpass.explaining.places import in_places, only_where, shared_trait
from backpass.explaining.precision import lost_precision
from backpass.explaining.relations import copied, one_row_only, scaled, transposed
from backpass.judging.assertions import GRADIENT_NOT_FINITE
from backpass.judging.cases import Case, evaluate, same_form, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Description, Failure
from backpass.judging.preliminary import ANOTHER_SIGNATURE, HELPER_NOT_STARTED, another_signature, helper_not_started
from backpass.judging.student import Student
from backpass.worker.calls import Answer, Raised

_ASKED_AGAIN = 8  # wrong cases, at most


def find(failure: Failure, exercise: Exercise, student: Student, reference: Callable[..., Any]) -> Description:
    """The most telling pattern of `failure`. `reference`: the right function, where there is one here."""
    for pattern in (*PATTERNS, partial(_ignored_argument, reference=reference), *LATE_PATTERNS):
        found = pattern(failure, exercise, student)
        if found is not None:
            return found
    where = next(iter(failure.wrong.values()))[0].where
    if failure.cases[0].cotangent is not None:
        return Description(
            "wrong_gradient",
            tr(
                "Your value is right, but the gradient that autograd finds in your function is not: a part of it is "
                "cut out of the graph (detach, .item(), .data, no_grad, a new tensor of old numbers) or made of steps "
                "(round, argmax, a comparison)."
            ),
        )
    text = tr(
        "The form of your answer is right, but {subject} is wrong in {wrong} of {all} cases.",
        subject=f"`{where}`" if where else tr("the result"),
        wrong=len(failure.wrong),
        all=len(failure.cases),
    )
    return Description(None, text)


def exact(failure: Failure, exercise: Exercise, student: Student) -> str:
    """What holds of all wrong answers, number by number; empty where nothing does."""
    patterns = [copied, scaled, transposed, one_row_only]
    if len(exercise.returns) < 2 and len([*tensors(failure.cases[0].inputs)]) == 1:
        patterns.append(in_places)  # of several inputs one has by chance what tells the wrong numbers apart
    found = (pattern(failure, exercise, student) for pattern in patterns)
    return next((each.tell for each in found if each is not None), "")


def _first(failure: Failure, kind: str) -> tuple[int, Any] | None:
    """The first wrong case that is wrong in the way `kind`, with that difference."""
    for index, found in failure.wrong.items():
        if found[0].kind == kind:
            return index, found[0]
    return None


def _raised(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    first = _first(failure, "raised")
    if first is None:
        missing = _first(failure, "not_raised")
        if missing is not None:
            expected = failure.cases[missing[0]].expected
            text = tr("This call should raise {expected}, and it returns a value instead.", expected=expected.kind)
            return Description("does_not_raise", text, missing[0])
        return None
    index, _ = first
    raised = failure.answers[index].raised
    assert raised is not None
    if raised.kind == "timeout":
        text = tr(
            "`{name}` gave {no_answer}. Is there a loop that never ends?", name=exercise.name, no_answer=raised.text
        )
        return Description("never_ends", text, index)
    if raised.kind == "died":
        return Description("process_ended", tr("Nothing came back: {why}.", why=raised.text), index)
    if "in-place operation" in raised.text or "inplace operation" in raised.text:
        line = tr(", as in line {line}, `{source}`", line=raised.line, source=raised.source) if raised.line else ""
        # Autograd begins at what was given.
        begins = "leaf Variable" in raised.text
        why = tr("it is an input of yours") if begins else tr("autograd still needs its old numbers")
        text = tr(
            "A tensor is written into in place{as_in_line}, but {why}. Compute a new tensor instead "
            "(torch.where, torch.stack, +).",
            as_in_line=line,
            why=why,
        )
        return Description("input_modified", text, index)
    if raised.todo:
        return Description(HELPER_NOT_STARTED, helper_not_started(raised, exercise), index)
    of_the_call = another_signature(raised, exercise)
    if of_the_call is not None:
        return Description(ANOTHER_SIGNATURE, of_the_call, index, degree="cause")
    everywhere = len(failure.wrong) == len(failure.cases)
    expected = failure.cases[index].expected
    if isinstance(expected, Raised):
        text = tr(
            "This call should raise {expected}, and it raises {exception}.",
            expected=expected.kind,
            exception=raised.kind,
        )
        return Description("wrong_exception", text, index)
    what = raised.kind
    if raised.line:
        what = tr(
            "{exception} in line {line}, `{source}`", exception=raised.kind, line=raised.line, source=raised.source
        )
    what = f"{what}: {' '.join(raised.text.split())}"
    trait = None if everywhere else shared_trait(failure)
    if trait:
        text = tr("Your code raises an exception {where}: {exception}", where=trait[1], exception=what)
    elif everywhere:
        text = tr("Your code raises {exception}", exception=what)
    else:
        text = tr("For some inputs your code raises {exception}", exception=what)
    return Description("raises", f"{text}. {meant}" if (meant := meaning(raised)) else text, index)


def _changing(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Asked for the same again, a function answers something else, in most cases: rounding is magnified in some."""
    first = next(iter(failure.wrong))
    if failure.random or any(callable(value) for value in failure.cases[first].inputs.values()):
        return None
    answered = [index for index in failure.wrong if failure.answers[index].raised is None][:_ASKED_AGAIN]
    answers = student.ask([failure.cases[index].call() for index in answered for _ in range(2)]) if answered else []

    def is_same(index: int, again: Answer) -> bool:
        case = failure.cases[index]
        mine = measured(case, failure.answers[index])
        return again.raised is None and close(measured(case, again), mine, 0.0, False, case.dtype)

    changed = [
        index
        for index, *twice in zip(answered, answers[::2], answers[1::2], strict=True)
        if not all(is_same(index, each) for each in twice)
    ]
    if 2 * len(changed) <= len(answered):
        return None
    others = _of_other_checks(failure, student)[-_ASKED_AGAIN:]
    again = student.ask([case.call() for case, _ in others]) if others else []
    if any(_equal(one.value, before.value) for one, (_, before) in zip(again, others, strict=True)):
        return None  # in other checks it stays: there rounding is not magnified
    return Description(
        "answers_change",
        tr(
            "The same call gives a different answer when it is made again. Something is kept between calls (a "
            "global variable, a default argument that is changed, an attribute of the function) or drawn at "
            "random, but a result may depend on its call's arguments only."
        ),
        changed[0],
        "cause",
    )


def _not_finite(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    first = _first(failure, "not_finite")
    if first is None:
        return None
    index, difference = first
    what = difference.text.rpartition(" ")[2]
    if failure.cases[index].cotangent is not None:
        text = tr(GRADIENT_NOT_FINITE)
        return Description("gradient_not_finite", text, index, "cause")
    if difference.where:
        what = tr("{what} in `{output}`", what=what, output=difference.where)
    text = tr(
        "{what}: an intermediate number leaves the range of floats (exp of a large number is infinity, infinity / "
        "infinity and 0 / 0 are NaN, log(0) is -infinity).",
        what=what,
    )
    return Description("not_finite", text, index)


def _distribution(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """A random answer whose numbers, taken together, are not what they should be."""
    if not failure.random:
        return None
    index, found = next(iter(failure.wrong.items()))
    name = found[0].where
    ratios = []
    for position in failure.wrong:
        case = failure.cases[position]
        numbers = measured(case, failure.answers[position])
        expected = case.expected.get(name) if isinstance(case.expected, dict) else None
        if not isinstance(numbers, dict) or not isinstance(expected, float) or name not in numbers:
            return None
        ratios.append(numbers[name] / expected if expected else math.nan)
    tell = tr(
        "The {quantity} of your numbers is not what it should be, in {wrong} of {all} cases.",
        quantity=tr(name),
        wrong=len(ratios),
        all=len(failure.cases),
    )
    if len(ratios) > 1 and all(abs(ratio - ratios[0]) <= 0.05 * abs(ratios[0]) for ratio in ratios):
        tell = tr(
            "The {quantity} of your numbers is always about {factor:.2g} times what it should be.",
            quantity=tr(name),
            factor=ratios[0],
        )
    return Description("wrong_distribution", tell, index)


def of_chance(failure: Failure) -> Description | None:
    """What numbers of random answers show by themselves, whoever drew them and how."""
    shown = (name for name in _SHOWN if failure.random and all(_is_all(failure, at, name) for at in failure.wrong))
    name = next(shown, None)
    return _one_draw_for_two(failure) if name is None else Description(_SHOWN[name][0], tr(_SHOWN[name][1]))


def _one_draw_for_two(failure: Failure) -> Description | None:
    """Two drawn numbers are as they should be, each by itself, and go together: all that is wrong is how they do."""
    wrong = {each.where for found in failure.wrong.values() for each in found}
    name = next(iter(wrong))
    if not failure.random or len(wrong) > 1 or not name.startswith("correlation of ") or " and " not in name:
        return None
    numbers = [measured(failure.cases[at], failure.answers[at])[name] for at in failure.wrong]
    if any(abs(number) < _TOGETHER for number in numbers):
        return None
    text = tr(
        "One draw decides about two numbers, which therefore always agree. Draw each of them by itself: the "
        "{correlation} should be near 0.",
        correlation=tr(name),
    )
    return Description("one_draw_for_two", text)


_TOGETHER = 0.8  # of a correlation
_SHOWN = {
    "share of calls that treat all alike": (
        "one_draw_for_all",
        later(
            "One draw decides about the whole batch: in every call all samples are treated alike. Each sample "
            "needs a draw of its own."
        ),
    ),
    "share of calls like the call before": (
        "always_the_same_draw",
        later(
            "Every call picks the same samples, though `generator` goes on between them: the draws do not come from "
            "it, or a seed is set in the function."
        ),
    ),
}


def _is_all(failure: Failure, index: int, name: str) -> bool:
    """Whether a share that should be 0 is 1."""
    numbers = measured(failure.cases[index], failure.answers[index])
    return isinstance(numbers, dict) and numbers.get(name) == 1 and failure.cases[index].expected.get(name) == 0


def _described(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """What the exercise's own grader can say: a cause, unless it is no more than where the answer is wrong."""
    found = failure.describe(failure, student) if failure.describe else None
    if found is None or found.mistake is None or found.mistake.startswith(("only_", "wrong_")):
        return found
    return replace(found, degree="cause", own=True)


def _ignored_argument(
    failure: Failure, exercise: Exercise, student: Student, reference: Callable[..., Any]
) -> Description | None:
    """Changing an argument that should change the result changes nothing; a gradient may well be constant."""
    if failure.random or failure.cases[0].cotangent is not None:
        return None
    answered = [index for index in failure.wrong if failure.answers[index].raised is None]
    right = [index for index in right_cases(failure) if failure.answers[index].raised is None]

    def size(case: Case) -> int:
        return sum(map(_numel, tensors(case.inputs)))

    def of_size(indices: list[int]) -> list[tuple[Case, Answer]]:
        chosen = sorted(indices, key=lambda index: size(failure.cases[index]))
        return [(failure.cases[index], failure.answers[index]) for index in chosen]

    # Cases of a check may all be extreme, and nothing may matter there: those of other checks are asked as well.
    others = _of_other_checks(failure, student)
    asked = of_size(answered)[-3:][::-1] + of_size(right)[-2:] + sorted(others, key=lambda each: size(each[0]))[-3:]
    questions = [
        (case, answer, name)
        for case, answer in asked
        if any(True for _ in tensors(answer.value))
        for name, value in case.inputs.items()
        if _can_change(value) and _matters(name, case, reference)
    ]
    if not questions:
        return None
    after = student.ask([_changed(case, name).call() for case, _, name in questions])
    moved = {
        name
        for (_, before, name), answer in zip(questions, after, strict=True)
        if answer.raised is not None or not _equal(answer.value, before.value)
    }
    unused = list(dict.fromkeys(name for _, _, name in questions if name not in moved))
    if not unused:
        return None
    if len(unused) == 1:
        text = tr("Your result does not depend on `{name}`. Is it used at all?", name=unused[0])
    else:
        names = listed([f"`{name}`" for name in unused])
        text = tr("Your result does not depend on {names}. Are they used at all?", names=names)
    # Where nothing matters, something else is wrong.
    return Description("ignores_argument", text, degree="cause" if moved else "symptom")


def _of_other_checks(failure: Failure, student: Student) -> list[tuple[Case, Answer]]:
    """What the student has answered in other checks, to plain calls."""
    own = {id(case) for case in failure.cases}
    return [
        (case, answer)
        for case, answer in student.answered()
        if id(case) not in own and answer.raised is None and case.cotangent is None and case.times == 1
    ]


def _matters(name: str, case: Case, reference: Callable[..., Any]) -> bool:
    """Whether the right answer to `case` depends on an argument: on the bias of a dead unit it does not."""
    before, after = evaluate(reference, case), evaluate(reference, _changed(case, name))
    return before.raised is not None or after.raised is not None or not _equal(after.value, before.value)


def _changed(case: Case, name: str) -> Case:
    return replace(case, inputs={**case.inputs, name: _change(case.inputs[name])})


def _numel(tensor: torch.Tensor) -> int:
    return tensor.numel()


def _can_change(value: Any) -> bool:
    return type(value) is float or (isinstance(value, torch.Tensor) and value.is_floating_point())


def _change(value: Any) -> Any:
    return (
        value * 0.7 + 0.01
        if type(value) is float
        else value * 0.7 + 0.1 * torch.arange(1, value.numel() + 1).to(value.dtype).reshape(value.shape)
    )


def _equal(a: Any, b: Any) -> bool:
    return same_form(a, b) and all(
        torch.equal(x.nan_to_num(), y.nan_to_num()) for x, y in zip(tensors(a), tensors(b), strict=True)
    )


PATTERNS = (_raised, exchanged, wrong_form, _changing, _not_finite, lost_precision, _described, _distribution)
LATE_PATTERNS = (copied, scaled, transposed, one_row_only, in_places, only_where)
