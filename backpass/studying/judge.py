"""What the checks say of one's own work, in a process that stays warm: for `backpass watch` and `backpass check`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from backpass.classroom.grade import steps
from backpass.classroom.results import exercise_result
from backpass.course.language import tr
from backpass.course.manifest import Course, Exercise
from backpass.explaining.grader import Grader, HiddenGrader, PublicGrader
from backpass.judging.disposable import Lost, Tell
from backpass.judging.result import ExerciseResult
from backpass.student.submission import Submission
from backpass.studying.apart import place
from backpass.studying.progress import DONE, STATES
from backpass.worker.calls import Answer, Call
from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector, file_in
from backpass.wrapping import with_paths


@dataclass(frozen=True)
class Verdict:
    """What checks say of an exercise: `state` is "done", "wrong", or None for a stub. `printed`: by its code."""

    exercise: Exercise
    state: str | None
    message: str
    printed: str = ""


class Judge:
    """Judges exercises again and again; a context. Each verdict has a worker of its own, forked from a warm one.

    It is made in a fork of this process, where there are forks: what is lost there is a verdict and nothing else.
    """

    def __init__(
        self, course: Course, *, fresh: bool = not hasattr(os, "fork"), file: Callable[[str], str] | None = None
    ) -> None:
        """`fresh`: in processes that are not forked, and not confined.

        `file`: what messages call a unit's module; by default its file in `starter/`.
        """
        self._course = course
        self._file = file or file_in(course.root / "starter")
        self._place = place(course.limits, fresh=fresh)
        self.abort, self.resume = self._place.abort, self._place.resume

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._place.__exit__()

    def verdict(self, exercise: Exercise, sources: dict[str, bytes]) -> Verdict:
        """What the public checks say of `exercise` in the modules `sources`; Aborted where that was asked for."""

        def work(processes: Any, tell: Tell) -> None:
            printed: dict[str, None] = {}

            def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
                answers = worker.call(unit, name, calls)
                printed.update(dict.fromkeys(each.printed for each in answers if each.printed))
                return answers

            with (
                Worker(processes, sources) as worker,
                Inspector(processes, sources, file=self._file) as inspector,
            ):
                result = self._public.grade(exercise, ask, inspects=inspector)
            tell(exercise.id, asdict(result), "".join(printed))

        results, printed = self._results(self._public, [exercise], work)
        result = results[exercise.id]
        state = STATES[result.status]
        return Verdict(exercise, state, "" if state == DONE else result.message, printed)

    def hidden(self, exercises: Sequence[Exercise], sources: dict[str, bytes]) -> list[ExerciseResult]:
        """What the hidden graders say of exercises, as they would of a submission; Aborted as above."""
        wanted = _with_needs(self._course, [exercise.id for exercise in exercises])
        units = [
            replace(unit, exercises=tuple(e for e in unit.exercises if e.id in wanted)) for unit in self._course.units
        ]
        grader = self._hidden
        grader.course = replace(self._course, units=tuple(unit for unit in units if unit.exercises))  # not the rest

        def work(processes: Any, tell: Tell) -> None:
            for step in steps(grader, processes, Submission("starter", sources, None)):
                tell(step.exercise, asdict(step.result), "")

        results, _ = self._results(grader, [*grader.course.exercises.values()], work)
        return [results[exercise.id] for exercise in exercises]

    def _results(
        self, grader: Grader, exercises: Sequence[Exercise], work: Callable[[Any, Tell], None]
    ) -> tuple[dict[str, ExerciseResult], str]:
        """The results of exercises that `work` tells, the last of each, and what was printed."""
        for check in (each for exercise in exercises for each in grader.checks.of(exercise)):
            grader.checks.cases(check, "cpu")  # here, once for all forks
        grader.checks.before = lambda what: self._place.wind_the_clock()
        results, printed = {}, ""
        try:
            with closing(self._place.told(work)) as told:
                for exercise, result, text in told:
                    found = exercise_result(**result)
                    results[exercise] = replace(found, message=with_paths(found.message, self._file))
                    printed += str(text)
        except (Lost, TypeError, ValueError) as why:
            for each in exercises:
                message = tr("{check} could not be judged", check=each.id) + f": {why}."
                results.setdefault(each.id, ExerciseResult("failed", 0, each.points, "unjudgeable", message))
        return results, printed

    @cached_property
    def _public(self) -> PublicGrader:
        return PublicGrader(self._course)

    @cached_property
    def _hidden(self) -> HiddenGrader:
        return HiddenGrader(self._course)


def _with_needs(course: Course, names: Sequence[str]) -> set[str]:
    """Exercises, and all that they build on."""
    return set(names).union(*(_with_needs(course, course.declared[name].needs) for name in names))
