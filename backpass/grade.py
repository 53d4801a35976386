"""Grading: one exercise, and one submission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from backpass.checks import Check, Failure, Fault, Student
from backpass.course import Course, Exercise, Unit
from backpass.diagnosis import Finding
from backpass.graders import Graders
from backpass.preliminary import HELPER_NOT_STARTED, before_the_checks, finished_article, not_gradable
from backpass.results import ExerciseResult, SubmissionResult
from backpass.submission import Submission
from backpass.words import listed
from backpass.worker.attempts import GETS_AROUND_THE_WATCH
from backpass.worker.client import Worker, Zygote
from backpass.worker.invoke import Answer, Call, Raised

Ask = Callable[[str, str, Sequence[Call]], list[Answer]]


def grade_submission(
    graders: Graders, zygote: Zygote, submission: Submission, devices: tuple[str, ...] = ("cpu",)
) -> SubmissionResult:
    """Grade every exercise of a submission, on each of `devices`; the first that is not passed decides."""
    results: dict[str, ExerciseResult] = {}
    noticed: dict[str, None] = {}
    importable: set[str] = set()  # the exercises whose module can be imported
    with Worker(zygote, submission.sources) as worker:
        for unit in graders.course.units:
            broken = _why_not(worker, unit, submission)
            at_import = worker.take_noticed()  # concerns all that the unit defines
            for exercise in unit.exercises:
                result = not_gradable(exercise, broken) if broken else None
                if result is None:
                    importable.add(exercise.id)
                result = result or _on_all(devices, graders, exercise, worker)
                tried = list(dict.fromkeys(at_import + worker.take_noticed()))
                results[exercise.id] = _with_attempts(result, tried)
                noticed |= dict.fromkeys(tried)
        seconds = worker.seconds_left
    for exercise in graders.course.exercises.values():
        wrong = _wrong_foundations(graders.course, exercise, results)
        if wrong and exercise.id in importable and _may_be_for_others(results[exercise.id]):
            substitutes = {name: graders.reference(graders.course.exercises[name]) for name in wrong}
            with Worker(zygote, submission.sources, substitutes, seconds) as worker:
                again = _on_all(devices, graders, exercise, worker)
                seconds = worker.seconds_left
                called = [name for name in wrong if name in worker.substituted]
            right = [name for name in exercise.needs if results[name].status == "passed"]
            results[exercise.id] = _carried_forward(results[exercise.id], again, called or wrong, right)
    return SubmissionResult(
        submission.name,
        results,
        submission.problem,
        tuple(noticed),
        layers=zygote.active_layers,
        student_id=submission.student_id,
        late=submission.late,
        submission_hash=submission.hash,
    )


def _wrong_foundations(course: Course, exercise: Exercise, results: dict[str, ExerciseResult]) -> list[str]:
    """What `exercise` builds on, directly or not, and the submission has not solved; what to mend first comes first."""
    found: dict[str, None] = {}
    for name in exercise.needs:
        found |= dict.fromkeys(_wrong_foundations(course, course.exercises[name], results))
        if results[name].status != "passed":
            found[name] = None
    return list(found)


def _may_be_for_others(result: ExerciseResult) -> bool:
    """Whether an exercise may have failed, or not begun, or be a shortcut, only for what it builds on."""
    return result.status in ("failed", "crashed", "shortcut") or result.mistake == HELPER_NOT_STARTED


def _carried_forward(
    result: ExerciseResult, again: ExerciseResult, wrong: list[str], right: list[str]
) -> ExerciseResult:
    """The better one of an exercise's result and its result with right functions in the place of wrong ones.

    `wrong` and `right` are those of its foundations that the submission has wrong and right.
    """
    if again.status in ("timeout", "todo", "shortcut") or again.points < result.points:
        return result
    if again.status != "passed":
        return again  # what is wrong here has nothing to do with the others
    names = _names(wrong)
    one = len(wrong) == 1
    message = (
        f"Right in itself: it builds on your {names}, and with {'a right one' if one else 'right ones'} in "
        f"{'its' if one else 'their'} place it gives the right answers. Mend {names} first."
    )
    if right:
        message += f" Your {_names(right)} {'is' if len(right) == 1 else 'are'} right."
    return replace(again, message=message)


def _names(exercises: list[str]) -> str:
    return listed([f"`{name.partition('.')[2]}`" for name in exercises])


def _with_attempts(result: ExerciseResult, tried: list[str]) -> ExerciseResult:
    """`result` with a sentence on what the submission tried beside computing."""
    if not tried:
        return result
    sentence = f"Your code tried to {listed(tried)}: no exercise asks for that."
    if GETS_AROUND_THE_WATCH in tried and result.status == "passed":
        sentence += " What it calls can then not be seen, so it is not counted."
        return replace(result, status="shortcut", points=0, mistake="around_the_watch", message=sentence)
    return replace(result, message="\n\n".join(filter(None, (result.message, sentence))))


def _why_not(worker: Worker, unit: Unit, submission: Submission) -> Raised | None:
    """Why nothing of a unit can be graded, None where its module imports."""
    if unit.name not in submission.sources:
        absent = f"{unit.name}.py is not in the submission."
        if submission.problem and not submission.refused:
            absent += f" {submission.problem}"
        return Raised("no module", submission.refused.get(unit.name, absent))
    raised = worker.load(unit.name).raised
    if raised is not None and raised.kind in ("timeout", "died"):
        return Raised(f"import:{raised.kind}", raised.text)
    return raised


def _on_all(devices: tuple[str, ...], graders: Graders, exercise: Exercise, worker: Worker) -> ExerciseResult:
    result = None
    for device in devices:
        result = grade_exercise(graders, exercise, worker.call, device)
        if result.status != "passed":
            break
    assert result is not None
    return result


def grade_exercise(graders: Graders, exercise: Exercise, ask: Ask, device: str = "cpu") -> ExerciseResult:
    """Run every check of one exercise against `ask`, and diagnose the first that fails.

    Points are shared out by the weights of the checks that pass. Checks that say something about right
    answers only are run when all the others have passed, and earn nothing before.
    """
    student = Student(exercise, ask, graders.catalogue.variants(exercise.id), device)
    checks = graders.checks[exercise.id]
    early = before_the_checks(graders.course, student, graders.cases(checks[0], device))
    if early is not None:
        return early
    total = sum(check.weight for check in checks)
    earned, first = 0.0, None
    passed: list[Check] = []
    for check in sorted(checks, key=lambda check: check.once_right):
        if check.once_right and first is not None:
            break
        try:
            graders.run(check, student)
            earned += check.weight
            if first is None:
                passed.append(check)
        except (Failure, Fault) as failure:
            first = first or failure
            if _timed_out(failure):
                break
        except Exception as error:
            # An answer of a form that no check foresaw. It costs the student the check, and the run goes on.
            tell = f"The answers to {check.name} could not be judged ({type(error).__name__})."
            first = first or Fault("unjudgeable", tell)
    late = finished_article(graders.course, student)  # one that only some of the cases, or a later call, bring up
    if late is not None:
        return late
    points = round(exercise.points * earned / total, 2)
    if first is None:
        return ExerciseResult("passed", exercise.points, exercise.points, None, " ".join(student.notes))
    try:
        finding = graders.diagnosis.explain(
            first,
            exercise,
            student,
            show_expected=False,
            would_get_here=lambda function: all(graders.passes(function, check) for check in passed),
        )
    except Exception:
        finding = Finding("failed", None, f"The answer is wrong: {first}.")  # plain words, and the run goes on
    return ExerciseResult(finding.status, points, exercise.points, finding.mistake, finding.message)


def _timed_out(failure: Failure | Fault) -> bool:
    answers = failure.answers if isinstance(failure, Failure) else []
    return any(answer.raised is not None and answer.raised.kind == "timeout" for answer in answers)
