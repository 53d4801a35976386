"""Right or wrong, and the points: every check of one exercise, run against whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.judging.checks import Check
from backpass.judging.failures import Failure, Fault
from backpass.judging.graders import Checks
from backpass.judging.preliminary import before_the_checks, finished_article
from backpass.judging.result import ExerciseResult
from backpass.judging.student import Student
from backpass.worker.calls import Answer, Call

Ask = Callable[[str, str, Sequence[Call]], list[Answer]]


@dataclass(frozen=True)
class Verdict:
    """What the checks of an exercise come to. `failure`: the first that failed, still to be explained.

    `settled`: the result where nothing is to be explained (passed, a stub, a library function).
    `passed`: the checks before the one that failed, `check`; `points`: those of all that pass. `corner`: in words, the
    corner that is all that is wrong, where it is one. `later`: further checks that failed, and with what.
    """

    student: Student
    points: float
    settled: ExerciseResult | None = None
    failure: Failure | Fault | None = None
    passed: tuple[Check, ...] = ()
    corner: str = ""
    check: str = ""
    later: tuple[tuple[Check, Failure | Fault], ...] = ()


def judge(checks: Checks, exercise: Exercise, ask: Ask, device: str = "cpu", *, until_wrong: bool = False) -> Verdict:
    """Run every check of one exercise against `ask`; `until_wrong`: up to the first that fails, where no points count.

    Points are shared out by the weights of the checks that pass. Checks that say something about right
    answers only are run when all the others have passed, and earn nothing before.
    """
    student = Student(exercise, ask, checks.variants(exercise), device)
    all_of_them = checks.of(exercise)
    early = before_the_checks(checks.course, student, checks.cases(all_of_them[0], device))
    if early is not None:
        return Verdict(student, 0, settled=early)
    total = sum(check.weight for check in all_of_them)
    earned, first, is_right = 0.0, None, True
    passed: list[Check] = []
    wrong: list[Check] = []
    later: list[tuple[Check, Failure | Fault]] = []
    for check in in_their_order(all_of_them):
        if first is not None and (until_wrong or (check.once_right and not is_right)):
            break
        try:
            checks.before(check.name)
            checks.run(check, student)
            earned += check.weight
            if first is None:
                passed.append(check)
        except (Failure, Fault) as failure:
            later += [(check, failure)] if first is not None else []
            first, is_right = first or failure, is_right and check.once_right
            wrong.append(check)
            if _timed_out(failure):
                break
        except Exception as error:
            # An answer of a form that no check foresaw. It costs the student the check, and the run goes on.
            tell = tr(
                "The answers to {check} could not be judged ({error}).", check=check.name, error=type(error).__name__
            )
            first, is_right = first or Fault("unjudgeable", tell), is_right and check.once_right
            wrong.append(check)
    late = finished_article(checks.course, student)  # one that only some of the cases, or a later call, bring up
    if late is not None:
        return Verdict(student, 0, settled=late)
    if first is None:
        full = ExerciseResult("passed", exercise.points, exercise.points, None, " ".join(student.notes))
        return Verdict(student, exercise.points, settled=full)
    points = round(exercise.points * earned / total, 2)
    corner = wrong[0].corner if len(wrong) == 1 else ""
    failed = in_their_order(all_of_them)[len(passed)].name
    return Verdict(
        student, points, failure=first, passed=tuple(passed), corner=corner, check=failed, later=tuple(later)
    )


def in_their_order(checks: Sequence[Check]) -> list[Check]:
    """Checks as they are run: those of right answers only come last."""
    return sorted(checks, key=lambda check: check.once_right)


def _timed_out(failure: Failure | Fault) -> bool:
    answers = failure.answers if isinstance(failure, Failure) else []
    return any(answer.raised is not None and answer.raised.kind == "timeout" for answer in answers)
