"""The public checks of one exercise, in a process that stays warm: what `backpass watch` says at every save."""

from __future__ import annotations

import inspect
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from backpass.checks import Check, Failure, Fault, Student
from backpass.course import Course, Exercise
from backpass.preliminary import before_the_checks
from backpass.progress import DONE, WRONG
from backpass.public import public_cases, public_checks, public_diagnosis
from backpass.worker.client import Worker, Zygote


@dataclass(frozen=True)
class Verdict:
    """What the public checks say of an exercise: `state` is "done", "wrong", or None for a stub."""

    exercise: Exercise
    state: str | None
    message: str


class Judge:
    """Judges exercises again and again; a context. Each verdict has a worker of its own, forked from a warm one."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._diagnosis = public_diagnosis(course)
        self._checks: dict[str, list[Check]] = {}
        self._cases: dict[str, list[Any]] = {}
        self._resources = ExitStack()
        self._zygote = self._resources.enter_context(Zygote(course.limits))

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def verdict(self, exercise: Exercise, sources: dict[str, bytes]) -> Verdict:
        """What the checks say of `exercise` in the modules `sources`; the first that fails has the word."""
        with Worker(self._zygote, sources) as worker:
            student = Student(exercise, worker.call)
            for check in sorted(self._checks_of(exercise), key=lambda check: check.once_right):
                cases = self._cases.setdefault(check.name, public_cases(check, self._course))
                verdict = self._of_one(check, cases, student)
                if verdict is not None:
                    return verdict
        return Verdict(exercise, DONE, "")

    def _of_one(self, check: Check, cases: list[Any], student: Student) -> Verdict | None:
        exercise = student.exercise
        early = before_the_checks(self._course, student, cases)
        if early is not None:
            return Verdict(exercise, None if early.status == "todo" else WRONG, early.message)
        fixtures = {"student": student, "cases": cases, "device": "cpu"}
        try:
            check.function(**{name: fixtures[name] for name in inspect.signature(check.function).parameters})
        except (Failure, Fault) as failure:
            if isinstance(failure, Fault) and failure.status == "todo":
                return Verdict(exercise, None, failure.tell)
            finding = self._diagnosis.explain(failure, exercise, student, show_expected=True)
            return Verdict(exercise, WRONG, finding.message)
        return None

    def _checks_of(self, exercise: Exercise) -> list[Check]:
        if exercise.unit not in self._checks:
            self._checks[exercise.unit] = public_checks(self._course, exercise.unit)
        return [check for check in self._checks[exercise.unit] if check.exercise == exercise.id]
