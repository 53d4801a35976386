"""What lets public checks name mistakes, and find places, without the instructor's folders.

`exercises/<unit>/known_mistakes.json` records what each catalogued mistake answers to the public examples,
`quantities.json` what is right on the way in them: numbers and words, no code. Both are derived and never edited;
`backpass derive` writes them.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch

from backpass.course.manifest import Course, Exercise, Unit
from backpass.explaining.digests import of_inputs, plain, unpacked
from backpass.explaining.mistakes import Catalogue, Mistake, Quantity, one_of
from backpass.explaining.quantities import steps_of
from backpass.explaining.recorded_slips import RecordedSlips
from backpass.judging.cases import Case, evaluate, same_form
from backpass.judging.comparison import differences, measured
from backpass.judging.graders import Checks
from backpass.worker.calls import Answer

KNOWN_MISTAKES, QUANTITIES = "known_mistakes.json", "quantities.json"


def recorded_mistakes(course: Course) -> Catalogue:
    """A catalogue of what is recorded in `exercises/`. A unit is read when the first of its exercises is looked up."""

    def read(catalogue: Catalogue, unit: str) -> None:
        path = course.root / "exercises" / unit / KNOWN_MISTAKES
        if path.is_file():
            for recorded in json.loads(path.read_text(encoding="utf-8")):
                catalogue.add(_recorded(**recorded))
        for exercise, steps in _quantities(course, unit).items():
            for step, (_, why, _, _) in steps.items():
                catalogue.add_why(exercise, step, why)

    return Catalogue(read, RecordedSlips(course).like)


class RecordedQuantities:
    """The quantities of the public examples, from `exercises/`; a unit's are read when they are first asked for."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._units: dict[str, dict[str, Any]] = {}

    def steps_of(self, exercise: Exercise) -> Callable[[Case], Iterable[Quantity]]:
        """The quantities of an exercise that have words, for any example of its public checks."""

        def steps(case: Case) -> Iterable[Quantity]:
            for name, (words, _, sources, by_case) in self._unit(exercise.unit).get(exercise.id, {}).items():
                packed = by_case.get(of_inputs(case.inputs))
                if packed is not None:
                    yield Quantity(name, words, unpacked(packed), frozenset(sources))

        return steps

    def _unit(self, unit: str) -> dict[str, Any]:
        if unit not in self._units:
            self._units[unit] = _quantities(self._course, unit)
        return self._units[unit]


def _quantities(course: Course, unit: str) -> dict[str, Any]:
    """What is recorded of the quantities of a unit, as `quantities_of` has made it."""
    path = course.root / "exercises" / unit / QUANTITIES
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def quantities_of(checks: Checks, unit: Unit, catalogue: Catalogue) -> dict[str, Any]:
    """What `RecordedQuantities` reads of a unit: by exercise and name, the words, why, the sources and the values."""
    recorded: dict[str, Any] = {}
    for exercise in unit.exercises:
        anatomy = catalogue.anatomy(exercise.id)
        if anatomy is None:
            continue
        found = recorded.setdefault(exercise.id, {})
        for case in (case for check in checks.of(exercise) for case in checks.cases(check, "cpu")):
            if case.statistics is not None:
                continue  # no one value is right
            for each in steps_of(anatomy)(case):
                if each.name not in anatomy.returns and isinstance(each.value, torch.Tensor | float | int | list):
                    why = anatomy.steps[each.name].why
                    entry = found.setdefault(each.name, (each.words, why, sorted(each.sources), {}))
                    entry[3][of_inputs(case.inputs)] = plain(each.value)
    return recorded


def records(checks: Checks, unit: Unit, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One record for each mistake that some public example shows; those that answer all of them alike share one."""
    for exercise in unit.exercises:
        cases = [case for check in checks.of(exercise) for case in checks.cases(check, "cpu")]
        found: dict[str, list[Mistake]] = {}
        for mistake in catalogue.of(exercise.id):
            with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
                answers = [evaluate(mistake.function, case) for case in cases]
            if not any(differences(case, each, exercise.returns) for case, each in zip(cases, answers, strict=True)):
                continue
            if any(
                case.statistics and (each.raised is not None or not same_form(case.template, each.value))
                for case, each in zip(cases, answers, strict=True)
            ):
                continue  # of a random answer of the wrong form there are no numbers to recognize it by
            recorded = {of_inputs(case.inputs): _pack(case, each) for case, each in zip(cases, answers, strict=True)}
            found.setdefault(json.dumps(recorded), []).append(mistake)
        for pattern, alike in found.items():
            tell = one_of(list(dict.fromkeys(mistake.tell for mistake in alike)))
            if tell:
                yield {"exercise": exercise.id, "id": alike[0].id, "tell": tell, "answers": json.loads(pattern)}


def _recorded(exercise: str, id: str, tell: str, answers: dict[str, Any]) -> Mistake:
    def answer(*args: Any, **kwargs: Any) -> Any:
        return unpacked(answers[of_inputs([*args, *kwargs.values()])])

    return Mistake(exercise, id, tell, answer)


def _pack(case: Case, answer: Answer) -> Any:
    return {"raised": answer.raised.kind} if answer.raised is not None else plain(measured(case, answer))
