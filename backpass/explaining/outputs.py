"""The outputs of an answer one by one: which are wrong, and where, beside what is expected there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.judging.cases import Case
from backpass.judging.comparison import differences
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student

_MOST_OUTPUTS = 4  # of which every order is tried
_ENOUGH_EXCHANGED = 3  # wrong cases: a single one may be right in another order by chance
_MOST_ELSEWHERE = 40  # cases of other checks that are looked at


def wrong_outputs(failure: Failure, exercise: Exercise) -> Iterator[tuple[str, list[tuple[Case, Any, Any]]]]:
    """For each output that is wrong somewhere: its name, and (case, expected, got) wherever it is wrong."""
    if failure.random:
        return
    found: dict[str, list[tuple[Case, Any, Any]]] = {}
    for index, each in failure.wrong.items():
        case, answer = failure.cases[index], failure.answers[index]
        for difference in each:
            expected = output_of(case.expected, difference.where, exercise)
            found.setdefault(difference.where, []).append(
                (case, expected, output_of(answer.value, difference.where, exercise))
            )
    yield from found.items()


def right_cases(failure: Failure) -> list[int]:
    """The cases that are answered rightly."""
    return [index for index in range(len(failure.cases)) if index not in failure.wrong]


def right_elsewhere(failure: Failure, exercise: Exercise, student: Student) -> list[Case]:
    """Cases of other checks that are answered rightly: what mends the wrong ones must leave them as they are.

    Of random answers the student's own are the right ones.
    """
    own = {id(case) for case in failure.cases}
    others = (
        (case, answer)
        for case, answer in student.answered()
        if id(case) not in own and case.cotangent is None and case.times == 1 and answer.raised is None
    )
    return [
        case if case.statistics is None else replace(case, template=answer.value)
        for case, answer in itertools.islice(others, _MOST_ELSEWHERE)
        if not differences(case, answer, exercise.returns)
    ]


def output_of(value: Any, where: str, exercise: Exercise) -> Any:
    """The output called `where` of a whole answer."""
    if isinstance(value, dict):
        return value.get(where.removeprefix(tr("gradient with respect to {name}", name="")))
    if isinstance(value, list | tuple) and where:
        name, _, rest = where.partition("[")
        if name in exercise.returns and len(value) == len(exercise.returns):
            value = value[exercise.returns.index(name)]
        if rest and isinstance(value, list | tuple):
            position = int(rest.rstrip("]"))
            return value[position] if position < len(value) else None
        if rest and isinstance(value, dict):
            return value.get(rest.rstrip("]"))
    return value


def exchanged(failure: Failure, exercise: Exercise, student: Student) -> Description | None:
    """Wherever the answer is wrong, its outputs are right in another order, the same order each time."""
    names = exercise.returns
    values = [failure.answers[index].value for index in failure.wrong]
    if not 2 <= len(names) <= _MOST_OUTPUTS or failure.random or len(values) < _ENOUGH_EXCHANGED:
        return None
    if not all(isinstance(value, tuple | list) and len(value) == len(names) for value in values):
        return None
    for order in itertools.islice(itertools.permutations(range(len(names))), 1, None):
        if all(
            not differences(failure.cases[index], replace(answer, value=tuple(answer.value[i] for i in order)), names)
            for index, answer in ((index, failure.answers[index]) for index in failure.wrong)
        ):
            text = tr(
                "You return the right values in the wrong order. It should be {outputs}.",
                outputs=", ".join(f"`{name}`" for name in names),
            )
            return Description("outputs_exchanged", text, degree="cause")
    return None


def which_are_right(failure: Failure, exercise: Exercise) -> str:
    """A first line on which outputs are right, where an exercise has several and some are."""
    found = [difference for each in failure.wrong.values() for difference in each]
    wrong = {difference.where.partition("[")[0] for difference in found}
    right = [name for name in exercise.returns if name not in wrong]
    if len(exercise.returns) < 2 or not right or not wrong <= set(exercise.returns):
        return ""
    order = [name for name in exercise.returns if name in wrong]
    are_right = tr("{outputs} is right") if len(right) == 1 else tr("{outputs} are right")
    are_not = tr("{outputs} is not") if len(order) == 1 else tr("{outputs} are not")
    return f"{are_right.format(outputs=_list(right))}; {are_not.format(outputs=_list(order))}. "


def _list(names: Sequence[str]) -> str:
    return listed([f"`{name}`" for name in names])
