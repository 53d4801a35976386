"""What is said of an exercise before any check is run: not started, does not import, or the finished article."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from backpass.course.manifest import Course, Exercise
from backpass.judging.cases import Case
from backpass.judging.result import ExerciseResult
from backpass.judging.student import Student
from backpass.worker.invoke import Call, Raised

HELPER_NOT_STARTED = "helper_not_started"


def before_the_checks(course: Course, student: Student, cases: list[Case]) -> ExerciseResult | None:
    """The result where there is nothing to check: not started, does not import, or the finished article.

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
    """The result where the submission has called a finished article, None where it has not so far."""
    exercise = student.exercise
    used = _shortcuts(course, exercise, student.called)
    if not used:
        return None
    message = (
        f"`{used[0]}` is the finished article: fine for trying things out, but `{exercise.name}` is for you to "
        "build, from elementary operations such as exp, log, sum, maximum and matmul."
    )
    return ExerciseResult("shortcut", 0, exercise.points, "finished_article", message)


def not_gradable(exercise: Exercise, raised: Raised) -> ExerciseResult | None:
    """The result of an exercise of which nothing can be run, None where it ran and failed by itself."""
    if raised.kind == "no module":
        return ExerciseResult("todo", 0, exercise.points, None, raised.text)
    if raised.kind == "missing":
        message = f"`{exercise.name}` is not in {exercise.unit}.py. Its signature is `def {exercise.signature}:`."
        return ExerciseResult("todo", 0, exercise.points, None, message)
    if raised.todo and raised.function != exercise.name:
        what = f"`{raised.function}`" if raised.function else "a part"
        message = f"Not started yet: {what}, which `{exercise.name}` calls, raises NotImplementedError."
        return ExerciseResult("todo", 0, exercise.points, HELPER_NOT_STARTED, message)
    if raised.todo:
        return ExerciseResult("todo", 0, exercise.points, None, "Not started yet.")
    if raised.kind.startswith("import:"):
        kind = raised.kind.removeprefix("import:")
        place = f" (line {raised.line}: {raised.source})" if raised.line else ""
        message = f"{exercise.unit}.py does not import: {kind}: {raised.text}{place}"
        status = "timeout" if kind == "timeout" else "crashed"
        return ExerciseResult(status, 0, exercise.points, None, message)
    if raised.kind == "timeout":
        message = f"`{exercise.name}` gave {raised.text}. Is there a loop that never ends?"
        return ExerciseResult("timeout", 0, exercise.points, None, message)
    return None


def _shortcuts(course: Course, exercise: Exercise, called: Iterable[str]) -> list[str]:
    """Those of the library functions `called` that are finished articles."""
    return [
        name
        for name in called
        if any(fnmatchcase(name, pattern) for pattern in (*course.shortcuts, *exercise.shortcuts))
        and not any(fnmatchcase(name, pattern) for pattern in course.elementary)
    ]
