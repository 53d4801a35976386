"""The public checks of one exercise, in a process that stays warm: what `backpass watch` says at every save."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from backpass.classroom.grade import grade_submission
from backpass.course.manifest import Course, Exercise
from backpass.explaining.grader import HiddenGrader, PublicGrader
from backpass.judging.result import ExerciseResult
from backpass.student.submission import read_submission
from backpass.studying.progress import DONE, WRONG
from backpass.worker.client import Worker, Zygote
from backpass.worker.inspector import Inspector


@dataclass(frozen=True)
class Verdict:
    """What the public checks say of an exercise: `state` is "done", "wrong", or None for a stub."""

    exercise: Exercise
    state: str | None
    message: str


class Judge:
    """Judges exercises again and again; a context. Each verdict has a worker of its own, forked from a warm one."""

    def __init__(self, course: Course) -> None:
        self._grader = PublicGrader(course)
        self._resources = ExitStack()
        self._zygote = self._resources.enter_context(Zygote(course.limits))

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def verdict(self, exercise: Exercise, sources: dict[str, bytes]) -> Verdict:
        """What the checks say of `exercise` in the modules `sources`."""
        with Worker(self._zygote, sources) as worker, Inspector(self._zygote, sources) as inspector:
            result = self._grader.grade(exercise, worker.call, inspects=inspector)
        if result.status == "passed":
            return Verdict(exercise, DONE, "")
        return Verdict(exercise, None if result.status == "todo" else WRONG, result.message)


def checked(course: Course, exercises: Sequence[Exercise]) -> dict[str, ExerciseResult]:
    """What the hidden graders say of some exercises of one's own, as they would of a submission."""
    wanted = _with_needs(course, [exercise.id for exercise in exercises])
    units = [replace(unit, exercises=tuple(e for e in unit.exercises if e.id in wanted)) for unit in course.units]
    grader = HiddenGrader(course)
    grader.course = replace(course, units=tuple(unit for unit in units if unit.exercises))  # the rest is not graded
    with Zygote(course.limits) as zygote:
        result = grade_submission(grader, zygote, read_submission(course.root / "starter", course.functions))
    return {exercise.id: result.exercises[exercise.id] for exercise in exercises}


def _with_needs(course: Course, names: Sequence[str]) -> set[str]:
    """Exercises, and all that they build on."""
    return set(names).union(*(_with_needs(course, course.declared[name].needs) for name in names))
