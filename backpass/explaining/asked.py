"""A failure, and whom to ask about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backpass.course.manifest import Exercise
from backpass.explaining.blamed import Inspects
from backpass.explaining.overflow import bears_as_much, may_overflow_so
from backpass.judging.failures import Failure
from backpass.judging.student import Student
from backpass.judging.variants import Function


@dataclass(frozen=True)
class Asked:
    """What explanations of a failure rest on.

    `inspects`: looks into the student's program, where that can be done. `reference`: the right function.
    `passes(function)`: whether a mistake passes the checks that the student has passed.
    """

    failure: Failure
    exercise: Exercise
    student: Student
    inspects: Inspects | None
    reference: Function
    passes: Callable[[Function], bool]

    @property
    def first(self) -> int:
        """The first case that is wrong."""
        return next(iter(self.failure.wrong))

    @property
    def raising(self) -> int:
        """The first of the wrong cases that raises, or the first of all."""
        failure = self.failure
        return next((index for index in failure.wrong if failure.answers[index].raised is not None), self.first)

    @property
    def output(self) -> str:
        """Which output is wrong in the first case."""
        return self.failure.wrong[self.first][0].where.partition("[")[0]

    @property
    def source(self) -> str:
        """The student's module; empty where it is not at hand."""
        return self.inspects.source(self.exercise.unit) if self.inspects is not None else ""

    def would_get_here(self, function: Function) -> bool:
        """Whether a mistake fails this check, and none before it."""
        return self.passes(function) and may_overflow_so(function, self.failure, self.student)

    def bears_as_well(self, function: Function) -> bool:
        """The same of one that bears as large numbers as the student's answer."""
        return self.would_get_here(function) and bears_as_much(function, self.failure, self.student, self.reference)
