"""Proof of the course material: stubs are todo, solutions pass, every mistake is rejected by its own name."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from backpass.classroom.grade import grade_submission
from backpass.course.manifest import Course, Exercise, Unit
from backpass.explaining.grader import HiddenGrader
from backpass.judging.result import ExerciseResult
from backpass.judging.variants import Function
from backpass.student.submission import Submission, read_submission
from backpass.worker.client import Zygote
from backpass.worker.invoke import Answer, Call, invoke_all

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Proof:
    """What was shown of one exercise, and what failed to be shown."""

    exercise: str
    checks: int
    mistakes: int
    named: int
    stub: str
    solution: str
    problems: tuple[str, ...]


def verify(course: Course, units: list[Unit], jobs: int, report: Report) -> Iterator[Proof]:
    """One proof an exercise, with `jobs` processes. `report(done, total, name)` is told of the progress.

    Stubs and solutions are graded as submissions are; mistakes are trusted code and need no worker.
    """
    global _shared
    grader = HiddenGrader(course, shrink=False)
    exercises = [exercise for unit in units for exercise in unit.exercises]
    with Zygote(course.limits) as zygote:
        stubs = grade_submission(grader, zygote, _folder(course, "starter")).exercises
        solutions = grade_submission(grader, zygote, _folder(course, "solutions")).exercises
    _shared = grader, stubs, solutions
    with ExitStack() as resources:
        prove: Callable[..., Iterator[Proof]] = map
        if jobs > 1 and sys.platform == "linux":  # the processes are forked with all that is shared
            prove = resources.enter_context(ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"))).map
        proofs = prove(_prove, exercises)
        for done, exercise in enumerate(exercises):
            report(done, len(exercises), exercise.id)
            yield next(proofs)
    report(len(exercises), len(exercises), "verified")


_shared: tuple[HiddenGrader, dict[str, ExerciseResult], dict[str, ExerciseResult]]


def grade_function(grader: HiddenGrader, exercise: Exercise, function: Function) -> ExerciseResult:
    """The result of a trusted function in this process, without a worker."""

    def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        return invoke_all(function, calls)

    return grader.grade(exercise, ask)


def _folder(course: Course, name: str) -> Submission:
    return read_submission(course.root / name, course.unit_names)


def _prove(exercise: Exercise) -> Proof:
    grader, stubs, solutions = _shared
    stub, solution = stubs[exercise.id], solutions[exercise.id]
    problems = []
    if stub.status != "todo":
        problems.append(f"{exercise.id}: the stub is {stub.status}, not todo: {stub.message}")
    if solution.status != "passed" or solution.points != exercise.points:
        problems.append(f"{exercise.id}: the solution is {solution.status}: {solution.message}")
    for variant in grader.checks.variants(exercise):
        result = grade_function(grader, exercise, variant.function)
        if result.status != "passed":
            problems.append(f"{exercise.id}: the accepted variant {variant.id} is {result.status}: {result.message}")
    anatomy = grader.catalogue.anatomies.get(exercise.id)
    if anatomy is not None:
        result = grade_function(grader, exercise, anatomy.with_steps({}))
        if result.status != "passed":
            problems.append(f"{exercise.id}: its anatomy in the catalogue is {result.status}: {result.message}")
    mistakes = grader.catalogue.of(exercise.id)
    named = 0
    for mistake in mistakes:
        result = grade_function(grader, exercise, mistake.function)
        if result.status in ("passed", "todo", "shortcut"):
            problems.append(f"{exercise.id}: the mistake {mistake.id} is {result.status}")
        elif result.mistake != mistake.id:
            problems.append(f"{exercise.id}: the mistake {mistake.id} is called {result.mistake}")
        else:
            named += 1
    checks = len(grader.checks.of(exercise))
    return Proof(exercise.id, checks, len(mistakes), named, stub.status, solution.status, tuple(problems))
