"""Proof of the course material: stubs are todo, solutions pass, mistakes are rejected by name, slips are rejected."""

from __future__ import annotations

import importlib
import itertools
import multiprocessing
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from backpass.authoring.alike import RightSteps, change_nothing
from backpass.authoring.examples import contradicted
from backpass.authoring.pieces import CHECKS, ENTRY, EXAMPLES, ROWS, SOLUTION, STUB, Gap, Piece, gaps
from backpass.classroom.grade import grade_submission
from backpass.course.manifest import Course, CourseError, Exercise, make_importable
from backpass.explaining import render
from backpass.explaining.grader import HiddenGrader
from backpass.explaining.mistakes import Anatomy, Mistake
from backpass.explaining.rows import row_of
from backpass.explaining.slips import exchanged_arguments, slips, slips_of_numbers
from backpass.judging.cases import evaluate, tensors
from backpass.judging.comparison import differences
from backpass.judging.result import ExerciseResult
from backpass.judging.variants import Function
from backpass.student.submission import Submission, read_submission
from backpass.worker.calls import Answer, Call, Raised
from backpass.worker.client import Worker, Zygote
from backpass.worker.invoke import invoke_all

HINTS = 3  # from a question to nearly all of it
MORE = 40  # inputs of a kind that a slip is tried with when all checks accept it

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Proof:
    """What was shown of one exercise, and what failed to be shown.

    `alike`: what is told of slips that no check can reject, as they answer what a right answer does.
    """

    exercise: str
    checks: int
    mistakes: int
    named: int
    slips: int
    alike: tuple[str, ...]
    stub: str
    solution: str
    problems: tuple[str, ...]


class Broken(Exception):
    """A file of the course cannot be loaded or run; the text says where, and why."""


def verify(
    course: Course, exercises: list[Exercise], jobs: int, report: Report, devices: tuple[str, ...] = ("cpu",)
) -> Iterator[Proof]:
    """One proof an exercise, with `jobs` processes. `report(done, total, name)` is told of the progress.

    Stubs and solutions are graded as submissions are; mistakes are trusted code and need no worker. `devices`: where
    what is right is graded; what is wrong is wrong anywhere.
    """
    global _shared
    asked = {exercise.unit for exercise in exercises}
    course = replace(course, units=tuple(unit for unit in course.units if unit.name in asked))
    with _told(course):
        grader = HiddenGrader(course, shrink=False)
        grader.freeze(asked)
    with Zygote(course.limits) as zygote:
        stubs = grade_submission(grader, zygote, _folder(course, "starter")).exercises
        solutions = grade_submission(grader, zygote, _folder(course, "solutions"), devices).exercises
    _shared = grader, stubs, solutions, devices
    with ExitStack() as resources:
        prove: Callable[..., Iterator[Proof]] = map
        if jobs > 1 and sys.platform == "linux":  # the processes are forked with all that is shared
            prove = resources.enter_context(ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"))).map
        proofs = prove(_prove, exercises)
        for done, exercise in enumerate(exercises):
            report(done, len(exercises), exercise.id)
            yield next(proofs)
    report(len(exercises), len(exercises), "verified")


def prove_one(course: Course, exercise: Exercise) -> Proof:
    """The proof of one exercise, for which nothing is loaded but its unit."""
    global _shared
    alone = replace(course, units=(course.unit(exercise.unit),))
    with _told(course):
        grader = HiddenGrader(alone, shrink=False)
        results = []
        with Zygote(course.limits) as zygote:
            for name in ("starter", "solutions"):
                with Worker(zygote, _folder(course, name).sources) as worker:
                    results.append({exercise.id: grader.grade(exercise, worker.call)})
        _shared = grader, results[0], results[1], ("cpu",)
        return _proof(exercise)


def unfinished(course: Course, exercise: Exercise) -> list[Gap]:
    """What is missing or wrong in the pieces of an exercise, before anything is graded."""
    found = list(gaps(course.root, exercise))
    if len(exercise.hints) < HINTS:
        found.append(
            ENTRY.gap(course.root, exercise, f"{HINTS} hints are asked for, and there are {len(exercise.hints)}")
        )
    solution, examples = (piece.file(course.root, exercise.unit) for piece in (SOLUTION, EXAMPLES))
    if any(gap.file == solution or (gap.file == examples and not gap.todo) for gap in found):
        return found
    make_importable(course.root)
    with _told(course):
        reference = getattr(importlib.import_module(f"solutions.{exercise.unit}"), exercise.name)
        found += contradicted(course, exercise, reference)
    return found


@contextmanager
def _told(course: Course) -> Iterator[None]:
    """What goes wrong in a file of the course is told with its place there, not with a traceback."""
    try:
        yield
    except CourseError as error:
        raise Broken(str(error).replace(f"{course.root}/", "")) from None
    except Exception as error:
        folders = [course.root / name for name in ("exercises", "graders", "solutions")]
        frames = [(Path(frame.filename), frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, SyntaxError):
            frames.append((Path(error.filename or ""), error.lineno or 1))
        places = [(file, line) for file, line in frames if any(file.is_relative_to(folder) for folder in folders)]
        if not places:
            raise
        raise Broken(Gap(*places[-1], f"{type(error).__name__}: {error}").told(course.root)) from None


_shared: tuple[HiddenGrader, dict[str, ExerciseResult], dict[str, ExerciseResult], tuple[str, ...]]


def grade_function(grader: HiddenGrader, exercise: Exercise, function: Function, device: str = "cpu") -> ExerciseResult:
    """The status and the mistake of a trusted function, found in this process, without a worker."""

    def ask(unit: str, name: str, calls: Sequence[Call]) -> list[Answer]:
        return invoke_all(function, calls)

    return grader.grade(exercise, ask, device, until_wrong=True)


def _folder(course: Course, name: str) -> Submission:
    return read_submission(course.root / name, course.functions)


def _prove(exercise: Exercise) -> Proof:
    grader, stubs, solutions, _ = _shared
    missing = unfinished(grader.course, exercise)
    if not missing:
        return _proof(exercise)
    problems = tuple(gap.told(grader.course.root) for gap in missing)
    return Proof(exercise.id, 0, 0, 0, 0, (), stubs[exercise.id].status, solutions[exercise.id].status, problems)


def _proof(exercise: Exercise) -> Proof:
    with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
        return _shown(exercise)


def _shown(exercise: Exercise) -> Proof:
    grader, stubs, solutions, devices = _shared
    stub, solution = stubs[exercise.id], solutions[exercise.id]
    problems = []

    def problem(piece: Piece, text: str) -> None:
        problems.append(piece.gap(grader.course.root, exercise, text).told(grader.course.root))

    if stub.status != "todo":
        problem(STUB, f"the stub is {stub.status}, not todo: {stub.message}")
    if solution.status != "passed" or solution.points != exercise.points:
        problem(SOLUTION, f"the solution is {solution.status}: {solution.message}")
    elif solution.message:  # a right one has nothing to be told, of a GPU least of all
        problem(SOLUTION, f"the solution passes, and is told: {solution.message}")
    for what in _of_the_reference(grader, exercise):
        problem(SOLUTION, what)
    for variant, device in itertools.product(grader.checks.variants(exercise), devices):
        result = grade_function(grader, exercise, variant.function, device)
        if result.status != "passed":
            problems.append(f"{exercise.id}: the accepted variant {variant.id} is {result.status}: {result.message}")
    anatomy = grader.catalogue.anatomy(exercise.id)
    if anatomy is not None:
        result = grade_function(grader, exercise, anatomy.with_steps({}))
        if result.status != "passed":
            problem(ROWS, f"what the steps come to is {result.status}: {result.message}")
    mistakes = grader.catalogue.of(exercise.id)
    if not grader.catalogue.knows(exercise.id):
        problem(ROWS, "there is no mistake: what do learners get wrong here, and what is to be said of it?")
    named = 0
    for mistake in mistakes:
        result = grade_function(grader, exercise, mistake.function)
        where = row_of(grader.course, exercise, mistake.id)
        if result.status in ("passed", "todo", "shortcut"):
            problems.append(f"{where}: the mistake {mistake.id} is {result.status}")
        elif result.mistake != mistake.id:
            problems.append(f"{where}: the mistake {mistake.id} is called {result.mistake}")
        else:
            named += 1
    slips, alike = _slips(grader, exercise)
    for slip in _told_apart(alike, grader, exercise, anatomy):
        problem(CHECKS, f"a slip is accepted that other inputs tell from a right answer: {slip.tell}")
    return Proof(
        *(
            exercise.id,
            len(grader.checks.of(exercise)),
            len(mistakes),
            named,
            slips,
            tuple(slip.tell for slip in alike),
        ),
        *(stub.status, solution.status, tuple(problems)),
    )


def _of_the_reference(grader: HiddenGrader, exercise: Exercise) -> Iterator[str]:
    """What cannot be right of the answers that all others are held against."""
    cases = [case for check in grader.checks.of(exercise) for case in grader.checks.cases(check, "cpu")]
    stub = STUB.text(grader.course.root, exercise)
    for kind, text in {(case.expected.kind, case.expected.text) for case in cases if isinstance(case.expected, Raised)}:
        if kind not in stub:
            yield f"the solution raises {kind} ({text}), and the stub does not say that it should"
    for case in cases:
        if case.cotangent is not None and not all(bool(slope.isfinite().all()) for slope in tensors(case.expected)):
            yield f"the gradient of the solution is not finite where it is asked for: {', '.join(render.inputs(case))}"
            return


def _slips(grader: HiddenGrader, exercise: Exercise) -> tuple[int, list[Mistake]]:
    """How many slips there are in an exercise, and those that no check tells from a right answer."""
    anatomy = grader.catalogue.anatomy(exercise.id)
    reference = grader.checks.reference(exercise)
    of_arguments = [*slips_of_numbers(exercise, reference, ()), *exchanged_arguments(exercise, reference)]
    generated = [*(slips(anatomy) if anatomy is not None else ()), *of_arguments]
    checked = {id(cases): cases for check in grader.checks.of(exercise) if (cases := grader.checks.cases(check, "cpu"))}
    right = [RightSteps(anatomy, case, exercise.returns) for cases in checked.values() for case in cases if anatomy]
    alike = (slip for slip in generated if change_nothing(slip, right) or _passes(grader, exercise, slip))
    return len(generated), list(alike)


def _passes(grader: HiddenGrader, exercise: Exercise, slip: Mistake) -> bool:
    return all(grader.checks.passes(slip.function, check) for check in grader.checks.of(exercise))


def _told_apart(
    alike: Sequence[Mistake], grader: HiddenGrader, exercise: Exercise, anatomy: Anatomy | None
) -> list[Mistake]:
    """The slips that answer other inputs of the kinds that an exercise is checked with wrongly."""
    found: list[Mistake] = []
    for case in grader.checks.more_cases(exercise, MORE) if alike else ():
        steps = RightSteps(anatomy, case, exercise.returns) if anatomy is not None else None
        for slip in alike:
            if slip not in found and not (steps is not None and change_nothing(slip, [steps])):
                wrong = differences(case, evaluate(slip.function, case), exercise.returns)
                found += [slip] if wrong and _passes(grader, exercise, slip) else []
    return found
