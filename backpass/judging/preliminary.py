"""What is said of an exercise before any check is run: not started, does not import, or a library function."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable
from functools import cache

from backpass.course.language import tr
from backpass.course.manifest import Course, Exercise
from backpass.judging.cases import Case
from backpass.judging.result import ExerciseResult
from backpass.judging.student import Student
from backpass.worker.calls import Call, Raised

HELPER_NOT_STARTED = "helper_not_started"
ANOTHER_SIGNATURE = "another_signature"


def before_the_checks(course: Course, student: Student, cases: list[Case]) -> ExerciseResult | None:
    """The result where there is nothing to check: not started, does not import, or a library function.

    Without cases, a call without arguments tells whether there is a function at all.
    """
    exercise = student.exercise
    if not cases:
        only = student.ask([Call({})])[0].raised
        return None if only is None or only.kind == "TypeError" else not_gradable(exercise, only)
    answers = student.ask([case.call(deep_trace=True) for case in cases[:3]])
    raised = [answer.raised for answer in answers if answer.raised is not None]
    result = not_gradable(exercise, raised[0]) if len(raised) == len(answers) else None
    return result or finished_article(course, student)


def finished_article(course: Course, student: Student) -> ExerciseResult | None:
    """The result where the submission has called a library function that does it all, else None."""
    exercise = student.exercise
    used = _shortcuts(course, exercise, student.called)
    if not used:
        return None
    message = tr(
        "`{used}` is ready-made: fine for trying things out, but `{name}` is for you to build, from elementary "
        "operations such as exp, log, sum, maximum and matmul.",
        used=used[0].partition(".<locals>")[0],
        name=exercise.name,
    )
    return ExerciseResult("shortcut", 0, exercise.points, "finished_article", message)


def not_gradable(exercise: Exercise, raised: Raised) -> ExerciseResult | None:
    """The result of an exercise of which nothing can be run, None where it ran and failed by itself."""
    if raised.kind == "missing":
        message = tr(
            "`{name}` is not in {unit}.py. Its signature is `def {signature}:`.",
            name=exercise.name,
            unit=exercise.unit,
            signature=exercise.signature,
        )
        return ExerciseResult("todo", 0, exercise.points, None, message)
    if raised.todo and raised.function != exercise.name:
        return ExerciseResult("todo", 0, exercise.points, HELPER_NOT_STARTED, helper_not_started(raised, exercise))
    if raised.todo:
        return ExerciseResult("todo", 0, exercise.points, None, tr("Not started yet."))
    if raised.kind.startswith("import:"):
        kind = raised.kind.removeprefix("import:")
        message = tr("{unit}.py does not import: {exception}", unit=exercise.unit, exception=f"{kind}: {raised.text}")
        if kind == "ModuleNotFoundError":
            message += tr(
                ". When your work is judged, Python's own modules, torch, NumPy and the units of the course are there."
            )
        if raised.line:
            place = f"    {exercise.unit}.py:{raised.line}:  "
            message += f"\n\n{place}{raised.source}"
            if raised.columns is not None:
                start, end = raised.columns
                message += f"\n{' ' * (len(place) + start)}{'^' * (end - start)}"
        status = "timeout" if kind == "timeout" else "crashed"
        degree = "place" if raised.line else None
        return ExerciseResult(status, 0, exercise.points, None, message, degree, line=raised.line or None)
    if raised.kind == "timeout":
        message = tr(
            "`{name}` gave {no_answer}. Is there a loop that never ends?", name=exercise.name, no_answer=raised.text
        )
        return ExerciseResult("timeout", 0, exercise.points, None, message)
    message = another_signature(raised, exercise) or ""
    return ExerciseResult("crashed", 0, exercise.points, ANOTHER_SIGNATURE, message, "cause") if message else None


def another_signature(raised: Raised, exercise: Exercise) -> str | None:
    """What to tell where a call did not even begin, as the parameters are not those of the exercise."""
    if raised.kind != "TypeError" or raised.line is not None or not raised.text.startswith(f"{exercise.name}() "):
        return None
    return tr(
        "Your function cannot be called as `{signature}`: {exception}. Take these parameters, in this order, with "
        "these defaults.",
        signature=exercise.signature,
        exception=raised.text,
    )


def helper_not_started(raised: Raised, exercise: Exercise) -> str:
    """What to tell where an exercise calls a function that is a stub still."""
    what = f"`{raised.function}`" if raised.function else tr("a part")
    return tr(
        "Not started yet: {what}, which `{name}` calls, raises NotImplementedError.", what=what, name=exercise.name
    )


def _shortcuts(course: Course, exercise: Exercise, called: Iterable[str]) -> list[str]:
    """Those of the library functions `called` that do the whole job."""
    its_own, shortcuts, elementary = map(_one_of, (exercise.shortcuts, course.shortcuts, course.elementary))
    return [name for name in called if its_own(name) or (shortcuts(name) and not elementary(name))]


@cache
def _one_of(patterns: tuple[str, ...]) -> Callable[[str], object]:
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)").match
