"""The hidden graders of a course, loaded once for a run: checks, catalogue, references and frozen cases."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from backpass.cases import Case, Draw, Example
from backpass.checks import Check, Failure, Fault, Student
from backpass.course import Course, CourseError, Exercise, make_importable
from backpass.diagnosis import Diagnosis
from backpass.mistakes import Catalogue, load_catalogue
from backpass.worker.invoke import Answer, Call, invoke_all


class Graders:
    """The hidden graders of a course, with their cases and the reference's answers frozen for the run.

    Without `shrink`, messages display a case that shows the mistake, not the smallest one.
    """

    def __init__(self, course: Course, *, shrink: bool = True) -> None:
        make_importable(course.root)
        self.course = course
        self.catalogue: Catalogue = load_catalogue(course)
        self._solutions = {unit: importlib.import_module(f"solutions.{unit}") for unit in course.unit_names}
        self._frozen: dict[tuple[str, tuple[int, ...], str], list[Case]] = {}
        self._drawn: dict[tuple[str, int], list[Case]] = {}
        self._passes: dict[tuple[Callable[..., Any], str], bool] = {}
        self.checks: dict[str, list[Check]] = {exercise: [] for exercise in course.exercises}
        for unit in course.unit_names:
            for declared in declared_checks(importlib.import_module(f"graders.{unit}.test_{unit}")):
                if declared.exercise not in self.checks:
                    raise CourseError(f"{declared.name} checks {declared.exercise!r}, which course.toml does not have")
                self.checks[declared.exercise].append(declared)
        self.diagnosis = Diagnosis(self.catalogue, self.reference, shrink=shrink)

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

    def freeze(self, units: Collection[str], devices: Sequence[str] = ("cpu",)) -> None:
        """Draw the cases of every check of some units now, to be shared by processes that are forked later."""
        for exercise, checks in self.checks.items():
            if self.course.exercises[exercise].unit in units:
                for check in checks:
                    for device in devices:
                        self.cases(check, device)

    def _draw(self, source: Draw | Example, exercise: Exercise) -> list[Case]:
        key = exercise.id, id(source)
        if key not in self._drawn:
            self._drawn[key] = (
                [source.case(exercise.parameters)]
                if isinstance(source, Example)
                else list(source.cases(exercise.parameters, self.reference(exercise)))
            )
        return self._drawn[key]

    def run(self, check: Check, student: Student) -> None:
        """Call a check's test function with its fixtures; it raises what it finds."""
        exercise = self.course.exercises[check.exercise]
        fixtures: dict[str, Callable[[], Any]] = {
            "student": lambda: student,
            "cases": lambda: self.cases(check, student.device),
            "reference": lambda: self.reference(exercise),
            "device": lambda: student.device,
        }
        wanted = inspect.signature(check.function).parameters
        check.function(**{name: fixtures[name]() for name in wanted})

    def passes(self, function: Callable[..., Any], check: Check) -> bool:
        """Whether a trusted function passes a check, in this process; found out once a run."""
        key = function, check.name
        if key not in self._passes:
            exercise = self.course.exercises[check.exercise]

            def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
                return invoke_all(function, calls)

            try:
                self.run(check, Student(exercise, ask))
                self._passes[key] = True
            except (Failure, Fault):
                self._passes[key] = False
        return self._passes[key]


def declared_checks(module: Any) -> list[Check]:
    """The checks of a test module, in the order of the file."""
    functions = [value for name, value in vars(module).items() if name.startswith("test_")]
    return [declared for each in functions if isinstance(declared := getattr(each, "__check__", None), Check)]
