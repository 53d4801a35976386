"""Grading one submission: every exercise of it, and those again that build on a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backpass.classroom.results import SubmissionResult
from backpass.course.language import tr
from backpass.course.manifest import Course, Exercise, Unit
from backpass.course.stubs import STUBS
from backpass.course.words import listed
from backpass.explaining.grader import Grader
from backpass.judging.failures import Fault
from backpass.judging.preliminary import HELPER_NOT_STARTED, not_gradable
from backpass.judging.result import ExerciseResult
from backpass.student.submission import Submission
from backpass.worker.attempts import UNSEEN
from backpass.worker.calls import Raised
from backpass.worker.client import Substitutes, Worker, Zygote
from backpass.worker.inspector import Inspector


@dataclass(frozen=True)
class Step:
    """What became of one exercise; `again`: with right functions in the place of those that it builds on.

    `is_importable`: whether its module can be imported. `seconds`: what is left of the submission's time, None where
    none of it was used.
    """

    exercise: str
    again: bool
    result: ExerciseResult
    noticed: tuple[str, ...]
    is_importable: bool
    seconds: float | None


def grade_submission(
    grader: Grader, zygote: Zygote, submission: Submission, devices: tuple[str, ...] = ("cpu",)
) -> SubmissionResult:
    """Grade every exercise of a submission, on each of `devices`; the first that is not passed decides.

    All of it happens in this process: for a class there is `backpass.classroom.judges`.
    """
    taken = list(steps(grader, zygote, submission, devices))
    return put_together(grader.course, submission, taken, zygote.active_layers, devices)


def put_together(
    course: Course,
    submission: Submission,
    taken: Sequence[Step],
    layers: tuple[str, ...],
    devices: tuple[str, ...],
) -> SubmissionResult:
    """The result that the steps come to."""
    results = {step.exercise: step.result for step in taken}
    return SubmissionResult(
        submission.name,
        {name: results[name] for name in course.exercises if name in results},
        submission.problem or _nothing_that_is_asked(course, submission),
        tuple(dict.fromkeys(words for step in taken for words in step.noticed)),
        layers=layers,
        student_id=submission.student_id,
        late=submission.late,
        handed_in=submission.handed_in,
        submission_hash=submission.hash,
        notes=submission.notes,
        requests=submission.requests,
        assignment=course.assignment.name if course.assignment else None,
        devices=devices,
    )


def steps(
    grader: Grader,
    zygote: Zygote,
    submission: Submission,
    devices: tuple[str, ...] = ("cpu",),
    taken: Sequence[Step] = (),
    begins: Callable[[str, bool], None] = lambda exercise, again: None,
) -> Iterator[Step]:
    """Grade exercise by exercise, behind the steps that were `taken` before.

    `begins` hears of each; what it raises is the exercise's result.
    """
    course = grader.course
    if not taken:
        taken = [*not_handed_in(course, submission)]
        yield from taken
    sources = with_stubs(course, submission.sources)
    results = {step.exercise: step.result for step in taken}
    known = {(step.exercise, step.again) for step in taken}
    importable = {step.exercise for step in taken if step.is_importable}
    seconds = taken[-1].seconds if taken else None
    with (
        Worker(zygote, sources, seconds=seconds) as worker,
        Inspector(zygote, sources) as inspector,
    ):
        for unit in course.units:
            exercises = [exercise for exercise in unit.exercises if (exercise.id, False) not in known]
            if not exercises:
                continue
            broken = _why_not(worker, unit)
            at_import = worker.take_noticed()  # concerns all that the unit defines
            for exercise in exercises:
                result = not_gradable(exercise, broken) if broken else None
                if result is None:
                    importable.add(exercise.id)
                    worker.is_hurried = _builds_on_what_hangs(course, exercise, results)
                    try:
                        begins(exercise.id, False)
                        result = _on_all(devices, grader, exercise, worker, inspector)
                    except Fault as fault:
                        result = ExerciseResult(fault.status, 0, exercise.points, fault.mistake, str(fault))
                tried = list(dict.fromkeys(at_import + worker.take_noticed()))
                results[exercise.id] = _with_attempts(result, tried)
                is_importable = exercise.id in importable
                yield Step(exercise.id, False, results[exercise.id], tuple(tried), is_importable, worker.seconds_left)
        seconds = worker.seconds_left
    for exercise in course.exercises.values():
        wrong = _wrong_foundations(course, exercise, results)
        is_open = exercise.id in importable and (exercise.id, True) not in known
        if not wrong or not is_open or not _may_be_for_others(results[exercise.id]):
            continue
        substitutes = Substitutes(tuple(wrong), grader.checks.sources)
        with (
            Worker(zygote, sources, substitutes, seconds) as worker,
            Inspector(zygote, sources, substitutes) as inspector,
        ):
            try:
                begins(exercise.id, True)
                again = _on_all(devices, grader, exercise, worker, inspector)
            except Fault:
                continue  # what is known of it stays
            seconds = worker.seconds_left
            called = [name for name in wrong if name in worker.substituted]
        right = [name for name in exercise.needs if name in results and results[name].status == "passed"]
        mend = [name for name in called or wrong if name in results]
        results[exercise.id] = _carried_forward(results[exercise.id], again, mend, right)
        yield Step(exercise.id, True, results[exercise.id], (), True, seconds)


def not_handed_in(course: Course, submission: Submission) -> Iterator[Step]:
    """The steps of units that are not there: nothing is run for them."""
    for unit in course.units:
        if unit.name in submission.sources:
            continue
        absent = tr("{unit}.py is not in the submission.", unit=unit.name)
        if submission.problem and not submission.refused:
            absent += f" {submission.problem}"
        why = submission.refused.get(unit.name, absent)
        for exercise in unit.exercises:
            result = ExerciseResult("todo", 0, exercise.points, None, why)
            yield Step(exercise.id, False, result, (), False, None)


def with_stubs(course: Course, sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The modules of a submission, with stubs in the place of others that its units build on.

    A stub is replaced by a right function where it is called, so nobody loses marks for another unit.
    """
    stubs = {
        name: course.root / "exercises" / name / STUBS for name in course.needed([*sources]) if name not in sources
    }
    return {name: file.read_bytes() for name, file in stubs.items() if file.is_file()} | dict(sources)


def _nothing_that_is_asked(course: Course, submission: Submission) -> str | None:
    if any(name in submission.sources for name in course.unit_names):
        return None
    return f"{' or '.join(f'{name}.py' for name in course.unit_names)} is not in the submission."


def _wrong_foundations(course: Course, exercise: Exercise, results: dict[str, ExerciseResult]) -> list[str]:
    """What `exercise` builds on, directly or not, and the submission has not solved, or was not asked for.

    What to mend first comes first.
    """
    found: dict[str, None] = {}
    for name in exercise.needs:
        found |= dict.fromkeys(_wrong_foundations(course, course.declared[name], results))
        if name not in results or results[name].status != "passed":
            found[name] = None
    return list(found)


def _builds_on_what_hangs(course: Course, exercise: Exercise, results: dict[str, ExerciseResult]) -> bool:
    """Whether a function that `exercise` builds on, directly or not, was seen never to answer."""
    return any(
        (name in results and results[name].status == "timeout")
        or _builds_on_what_hangs(course, course.declared[name], results)
        for name in exercise.needs
    )


def _may_be_for_others(result: ExerciseResult) -> bool:
    """Whether an exercise may have failed, or not begun, or be a shortcut, only for what it builds on."""
    return result.status in ("failed", "crashed", "shortcut") or result.mistake == HELPER_NOT_STARTED


def _carried_forward(
    result: ExerciseResult, again: ExerciseResult, wrong: list[str], right: list[str]
) -> ExerciseResult:
    """The better one of an exercise's result and its result with right functions in the place of wrong ones.

    `wrong` and `right` are those of its foundations that were asked for, and the submission has wrong and right.
    """
    if again.status in ("timeout", "todo", "shortcut") or again.points < result.points:
        return result
    if again.status != "passed":
        return again  # what is wrong here has nothing to do with the others
    if not wrong:
        return again
    names = _names(wrong)
    if len(wrong) == 1:
        message = tr(
            "Right in itself: it builds on your {names}, and with a right one in its place it gives the right answers. "
            "Mend {names} first.",
            names=names,
        )
    else:
        message = tr(
            "Right in itself: it builds on your {names}, and with right ones in their place it gives the right "
            "answers. Mend {names} first.",
            names=names,
        )
    if len(right) == 1:
        message += " " + tr("Your {names} is right.", names=_names(right))
    elif right:
        message += " " + tr("Your {names} are right.", names=_names(right))
    return replace(again, message=message)


def _names(exercises: list[str]) -> str:
    return listed([f"`{name.partition('.')[2]}`" for name in exercises])


def _with_attempts(result: ExerciseResult, tried: list[str]) -> ExerciseResult:
    """`result` with a sentence on what the submission tried beside computing."""
    if not tried:
        return result
    sentence = tr("Your code tried to {tried}: no exercise asks for that.", tried=listed(tried))
    if any(words in UNSEEN for words in tried) and result.status == "passed":
        sentence += " " + tr("What it calls can then not be seen, so it is not counted.")
        return replace(result, status="shortcut", points=0, mistake="around_the_watch", message=sentence)
    return replace(result, message="\n\n".join(filter(None, (result.message, sentence))))


def _why_not(worker: Worker, unit: Unit) -> Raised | None:
    """Why nothing of a unit can be graded, None where its module imports."""
    raised = worker.load(unit.name).raised
    if raised is not None and raised.kind in ("timeout", "died"):
        return Raised(f"import:{raised.kind}", raised.text)
    return raised


def _on_all(
    devices: tuple[str, ...], grader: Grader, exercise: Exercise, worker: Worker, inspector: Inspector
) -> ExerciseResult:
    result = None
    for device in devices:
        result = grader.grade(exercise, worker.call, device, inspector)
        if result.status != "passed":
            break
    assert result is not None
    return result
