"""Grading: the course's graders, applied to one submission."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from backpass.cases import Case, Draw, Example
from backpass.checks import Check, Failure, Fault, Student
from backpass.course import Course, CourseError, Exercise, make_importable
from backpass.diagnosis import Diagnosis
from backpass.mistakes import Catalogue, load_catalogue
from backpass.results import ExerciseResult
from backpass.worker.invoke import Answer, Call, Raised

Ask = Callable[[str, str, list[Call]], list[Answer]]


class Graders:
    """The hidden graders of a course, with their cases and the reference's answers frozen for the run."""

    def __init__(self, course: Course) -> None:
        make_importable(course.root)
        self.course = course
        self.catalogue: Catalogue = load_catalogue(course)
        self._solutions = {unit: importlib.import_module(f"solutions.{unit}") for unit in course.unit_names}
        self._frozen: dict[tuple[str, tuple[int, ...], str], list[Case]] = {}
        self._drawn: dict[tuple[str, int], list[Case]] = {}
        self.checks: dict[str, list[Check]] = {exercise: [] for exercise in course.exercises}
        for unit in course.unit_names:
            for declared in declared_checks(importlib.import_module(f"graders.{unit}.test_{unit}")):
                if declared.exercise not in self.checks:
                    raise CourseError(f"{declared.name} checks {declared.exercise!r}, which course.toml does not have")
                self.checks[declared.exercise].append(declared)
        self.diagnosis = Diagnosis(self.catalogue, self.reference)

    def reference(self, exercise: Exercise) -> Callable[..., Any]:
        """The course's own solution of an exercise."""
        function: Callable[..., Any] = getattr(self._solutions[exercise.unit], exercise.name)
        return function

    def cases(self, check: Check, device: str) -> list[Case]:
        """The frozen cases of a check; the same list for the same sources."""
        key = check.exercise, tuple(map(id, check.sources)), device
        if key not in self._frozen:
            exercise = self.course.exercises[check.exercise]
            drawn = [case for source in check.sources for case in self._draw(source, exercise)]
            self._frozen[key] = [replace(case, device=device) for case in drawn]
        return self._frozen[key]

    def _draw(self, source: Draw | Example, exercise: Exercise) -> list[Case]:
        key = exercise.id, id(source)
        if key not in self._drawn:
            self._drawn[key] = (
                [source.case()]
                if isinstance(source, Example)
                else list(source.cases(exercise.parameters, self.reference(exercise)))
            )
        return self._drawn[key]

    def run(self, check: Check, student: Student) -> None:
        """Call a check's test function with its fixtures; it raises what it finds."""
        exercise = self.course.exercises[check.exercise]
        fixtures = {
            "student": lambda: student,
            "cases": lambda: self.cases(check, student.device),
            "reference": lambda: self.reference(exercise),
            "device": lambda: student.device,
        }
        wanted = inspect.signature(check.function).parameters
        check.function(**{name: fixtures[name]() for name in wanted})


def declared_checks(module: Any) -> list[Check]:
    """The checks of a test module, in the order of the file."""
    functions = [value for name, value in vars(module).items() if name.startswith("test_")]
    return [function.__check__ for function in functions if hasattr(function, "__check__")]


def grade_exercise(graders: Graders, exercise: Exercise, ask: Ask, device: str = "cpu") -> ExerciseResult:
    """Run every check of one exercise against `ask`, and diagnose the first that fails.

    Points are shared out by the weights of the checks that pass. Checks that say something about right
    answers only are run when all the others have passed, and earn nothing before.
    """
    student = Student(exercise, ask, graders.catalogue.variants(exercise.id), device)
    checks = graders.checks[exercise.id]
    early = _before_the_checks(graders, exercise, student, checks[0])
    if early is not None:
        return early
    total = sum(check.weight for check in checks)
    earned, first = 0.0, None
    for check in sorted(checks, key=lambda check: check.once_right):
        if check.once_right and first is not None:
            break
        try:
            graders.run(check, student)
            earned += check.weight
        except (Failure, Fault) as failure:
            first = first or failure
            if _timed_out(failure):
                break
    points = round(exercise.points * earned / total, 2)
    if first is None:
        return ExerciseResult("passed", exercise.points, exercise.points, None, " ".join(student.notes))
    finding = graders.diagnosis.explain(first, exercise, student, show_expected=False)
    return ExerciseResult(finding.status, points, exercise.points, finding.mistake, finding.message)


def _before_the_checks(
    graders: Graders, exercise: Exercise, student: Student, main: Check
) -> ExerciseResult | None:
    """The result where there is nothing to check: not started, does not import, or the finished article."""
    cases = graders.cases(main, student.device)[:3]
    answers = student.ask([case.call(trace=True) for case in cases])
    raised = [answer.raised for answer in answers if answer.raised is not None]
    result = None
    if len(raised) == len(answers):
        result = not_gradable(exercise, raised[0])
    used = shortcuts_used(graders.course, exercise, answers)
    if result is None and used:
        result = ExerciseResult("shortcut", 0, exercise.points, None, shortcut_message(exercise, used))
    return result


def not_gradable(exercise: Exercise, raised: Raised) -> ExerciseResult | None:
    """The result of an exercise of which nothing can be run, None where it ran and failed by itself."""
    if raised.kind == "missing":
        message = f"`{exercise.name}` is not in {exercise.unit}.py. Its signature is `def {exercise.signature}:`."
        return ExerciseResult("todo", 0, exercise.points, None, message)
    if raised.todo:
        return ExerciseResult("todo", 0, exercise.points, None, "Not started yet.")
    if raised.kind.startswith("import:"):
        kind = raised.kind.removeprefix("import:")
        place = f" (line {raised.line}: {raised.source})" if raised.line else ""
        message = f"{exercise.unit}.py does not import: {kind}: {raised.text}{place}"
        return ExerciseResult("crashed", 0, exercise.points, None, message)
    if raised.kind == "timeout":
        message = f"`{exercise.name}` gave {raised.text}. Is there a loop that never ends?"
        return ExerciseResult("timeout", 0, exercise.points, None, message)
    return None


def shortcuts_used(course: Course, exercise: Exercise, answers: list[Answer]) -> list[str]:
    """The finished articles that the submission itself called."""
    called = dict.fromkeys(name for answer in answers for name in answer.called)
    return [
        name
        for name in called
        if any(fnmatchcase(name, pattern) for pattern in course.shortcuts)
        and not any(fnmatchcase(name, pattern) for pattern in course.elementary)
    ]


def shortcut_message(exercise: Exercise, used: list[str]) -> str:
    return (
        f"`{used[0]}` is the finished article: fine for trying things out, but `{exercise.name}` is for you to "
        "build, from elementary operations such as exp, log, sum, maximum and matmul."
    )


def _timed_out(failure: Failure | Fault) -> bool:
    answers = failure.answers if isinstance(failure, Failure) else []
    return any(answer.raised is not None and answer.raised.kind == "timeout" for answer in answers)
