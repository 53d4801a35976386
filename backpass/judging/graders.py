"""The checks of a course, loaded once for a run, with the cases that they look at: hidden ones and public ones."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import torch

from backpass.course.manifest import Course, CourseError, Exercise, make_importable
from backpass.judging.cases import Case, Draw, Example, frozen_calls
from backpass.judging.checks import Check, declared_checks
from backpass.judging.comparison import flat_cases
from backpass.judging.failures import Failure, Fault
from backpass.judging.frozen import FrozenCases
from backpass.judging.student import Student
from backpass.judging.variants import Function, Variant, variants
from backpass.worker import lean
from backpass.worker.calls import Answer, Call
from backpass.worker.invoke import invoke_all


class Checks:
    """What hidden and public checks have in common: how one is run."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.sources: dict[str, bytes] = {}  # of the modules with the references, where they are at hand
        # Hears which check of a submission comes next, and what else may take long; a Fault that it raises is what came
        # of it.
        self.before: Callable[[str], None] = lambda what: None

    def of(self, exercise: Exercise) -> list[Check]:
        """The checks of one exercise, in the order of the file."""
        raise NotImplementedError

    def cases(self, check: Check, device: str) -> list[Case]:
        """The cases of a check; the same list for the same sources."""
        raise NotImplementedError

    def reference(self, exercise: Exercise) -> Function:
        """The course's own solution of an exercise."""
        raise NotImplementedError

    def variants(self, exercise: Exercise) -> list[Variant]:
        """Other right answers of an exercise."""
        raise NotImplementedError

    def passes(self, function: Function, check: Check) -> bool:
        """Whether a trusted function passes a check."""
        raise NotImplementedError

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


class Graders(Checks):
    """The hidden checks, with their cases and the reference's answers frozen for the run."""

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        lean.put_in_place()
        make_importable(course.root)
        self.sources = {path.stem: path.read_bytes() for path in sorted((course.root / "solutions").glob("*.py"))}
        self._frozen: dict[tuple[str, tuple[int, ...], str], list[Case]] = {}
        self._drawn: dict[str, dict[int, list[Case]]] = {}
        self._kept = FrozenCases(course)
        self._passes: dict[tuple[Function, str], bool] = {}
        self._last: Student | None = None
        self._checks: dict[str, dict[str, list[Check]]] = {}

    def of(self, exercise: Exercise) -> list[Check]:
        return self._checks_of(exercise.unit).get(exercise.id, [])

    def _checks_of(self, unit: str) -> dict[str, list[Check]]:
        """The checks of a unit by exercise; loaded when one of it is first graded."""
        if unit not in self._checks:
            found: dict[str, list[Check]] = {}
            if (self.course.root / "graders" / unit / "accepted.py").is_file():
                importlib.import_module(f"graders.{unit}.accepted")
            for declared in declared_checks(importlib.import_module(f"graders.{unit}.test_{unit}")):
                if declared.exercise not in self.course.declared:
                    raise CourseError(f"{declared.name} checks {declared.exercise!r}, which course.toml does not have")
                found.setdefault(declared.exercise, []).append(declared)
            self._checks[unit] = found
        return self._checks[unit]

    def reference(self, exercise: Exercise) -> Function:
        function: Function = getattr(importlib.import_module(f"solutions.{exercise.unit}"), exercise.name)
        return function

    def variants(self, exercise: Exercise) -> list[Variant]:
        self._checks_of(exercise.unit)  # which loads them, too
        return variants(exercise.id)

    def cases(self, check: Check, device: str) -> list[Case]:
        key = check.exercise, tuple(map(id, check.sources)), device
        if key not in self._frozen:
            exercise = self.course.exercises[check.exercise]
            of_check = [case for source in check.sources for case in self._cases_of(source, exercise)]
            self._frozen[key] = [replace(case, device=device) for case in of_check]
        return self._frozen[key]

    def freeze(self, units: Collection[str], devices: Sequence[str] = ("cpu",)) -> None:
        """Draw the cases of every check of some units now, to be shared by processes that are forked later.

        As they travel to workers, too, and as answers are compared with them.
        """
        for exercise in self.course.exercises.values():
            for check in self.of(exercise) if exercise.unit in units else ():
                for device in devices:
                    cases = self.cases(check, device)
                    if cases:
                        frozen_calls(cases).encode()
                        flat_cases(cases)

    def rehearse(self, units: Collection[str]) -> None:
        """Run the checks of some units on the solutions: what that makes, imports and keeps, each fork has then."""
        for exercise in self.course.exercises.values():
            for check in self.of(exercise) if exercise.unit in units else ():
                self.passes(self.reference(exercise), check)

    def to_ship(self) -> dict[str, bytes]:
        """The files with the frozen cases of the course, to be put into a copy of it; drawn where they are missing."""
        self.freeze(self.course.unit_names)
        return self._kept.to_ship(self.course.exercises)

    def _cases_of(self, source: Draw | Example, exercise: Exercise) -> list[Case]:
        if isinstance(source, Example):
            return [source.case(exercise.parameters)]
        if exercise.id not in self._drawn:
            draws = self.draws(exercise)
            self._drawn[exercise.id] = dict(zip(map(id, draws), self._kept_or_drawn(exercise, draws), strict=True))
        return self._drawn[exercise.id][id(source)]

    def _kept_or_drawn(self, exercise: Exercise, draws: Sequence[Draw], which: str = "") -> list[list[Case]]:
        kept = self._kept.load(exercise.id + which, draws)
        cases = [
            kept.get(place) or list(draw.cases(exercise.parameters, self.reference(exercise)))
            for place, draw in enumerate(draws)
        ]
        if not kept:
            self._kept.save(exercise.id + which, cases)
        return cases

    def more_cases(self, exercise: Exercise, count: int) -> list[Case]:
        """Cases beyond those of the checks: `count` of each kind of input that values are asked at, in float64."""
        draws = [
            replace(draw, count=count, dtypes=(torch.float64,), always=())
            for draw in self.draws(exercise)
            if draw.strategy and not draw.gradient and draw.statistics is None
        ]
        return [case for cases in self._kept_or_drawn(exercise, draws, ".more") for case in cases]

    def draws(self, exercise: Exercise) -> list[Draw]:
        """What the cases of an exercise are drawn from."""
        sources = {id(source): source for check in self.of(exercise) for source in check.sources}
        return [source for source in sources.values() if isinstance(source, Draw)]

    def passes(self, function: Function, check: Check) -> bool:
        """Whether a trusted function passes a check, in this process; found out once a run."""
        key = function, check.name
        if key not in self._passes:
            try:
                self.run(check, self._answering(function, check.exercise))
                self._passes[key] = True
            except (Failure, Fault):
                self._passes[key] = False
        return self._passes[key]

    def _answering(self, function: Function, exercise: str) -> Student:
        """A trusted function as checks see it; the last one is kept, as checks of one exercise share cases."""
        known = self._last
        if known is None or known.trusted is not function or known.exercise.id != exercise:

            def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
                with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
                    return invoke_all(function, calls)

            known = self._last = Student(self.course.exercises[exercise], ask, trusted=function)
        return known


class PublicChecks(Checks):
    """The checks of `exercises/`, whose cases carry their own answers: there are no references where students are."""

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self._checks: dict[str, list[Check]] = {}
        self._cases: dict[str, list[Case]] = {}

    def of(self, exercise: Exercise) -> list[Check]:
        if exercise.unit not in self._checks:
            self._checks[exercise.unit] = self._load(exercise.unit)
        return [check for check in self._checks[exercise.unit] if check.exercise == exercise.id]

    def cases(self, check: Check, device: str) -> list[Case]:
        if check.name not in self._cases:
            parameters = self.course.exercises[check.exercise].parameters
            examples = [source for source in check.sources if isinstance(source, Example)]
            self._cases[check.name] = [source.case(parameters) for source in examples]
        return self._cases[check.name]

    def variants(self, exercise: Exercise) -> list[Variant]:
        return []

    def passes(self, function: Function, check: Check) -> bool:
        """Of a recorded mistake only the answers to examples are known: nothing speaks against it."""
        return True

    def _load(self, unit: str) -> list[Check]:
        path = self.course.root / "exercises" / unit / f"test_{unit}.py"
        spec = importlib.util.spec_from_file_location(f"exercises.{unit}.test_{unit}", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return declared_checks(module)
