"""One check of one run: what it finds, and what the student reads of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.outcomes import Failed  # what pytest.fail raises

from backpass.plugin.run import BROKEN, DONE, TODO, WRONG, Session

if TYPE_CHECKING:
    from backpass.judging.checks import Check
    from backpass.judging.result import ExerciseResult


class NotStarted(Failed):
    """The exercise of this test is a stub still."""


def check_of(item: Any) -> Check | None:
    """The check that a test item runs; one of several of its function's, where an exercise was declared with them."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return parameters.get("check", getattr(getattr(item, "function", None), "__check__", None))


@dataclass(frozen=True)
class _Outcome:
    """What became of a check: a state or, in words, why it was skipped or what is wrong with the check itself.

    `early`: before any check, the `result` would be the same for all of them.
    """

    state: str | None
    result: ExerciseResult | None = None
    early: bool = False
    skipped: str = ""
    fault: str = ""


def judged_apart(session: Session, item: pytest.Function, check: Check) -> _Outcome:
    """What a hidden check finds; what a submission answers is decoded, compared and explained in a fork only."""
    from backpass.classroom.results import exercise_result
    from backpass.judging.disposable import Lost
    from backpass.judging.result import ExerciseResult

    def work() -> dict[str, Any]:
        try:
            return asdict(judged(session, item, check))
        except pytest.skip.Exception as skipped:
            return asdict(_Outcome(None, skipped=str(skipped)))
        except Exception:
            return asdict(_Outcome(None, fault=str(item.repr_failure(pytest.ExceptionInfo.from_current()))))

    try:
        told = session.hidden().apart(work)
        found = told.pop("result")
        return _Outcome(result=found and exercise_result(**found), **told)
    except (Lost, TypeError, ValueError) as why:
        tell = f"{check.name} could not be judged: {why}."
        points = session.course.exercises[check.exercise].points
        return _Outcome(WRONG, ExerciseResult("failed", 0, points, "unjudgeable", tell))


def judged(session: Session, item: pytest.Function, check: Check) -> _Outcome:
    """What a check finds, run in this process."""
    from backpass.explaining.grader import explained
    from backpass.judging.failures import Failure, Fault
    from backpass.judging.preliminary import before_the_checks, not_gradable

    exercise = session.course.exercises[check.exercise]
    subject: Any = item.funcargs["student"]
    own_cases: Any = item.funcargs.get("cases", [])
    hung = session.findings.get(exercise.id)
    if hung is not None and hung.status == "timeout":  # it would keep everybody waiting for as long again
        return _Outcome(None, skipped=f"{exercise.name} gave no answer")
    broken = session.broken(item, exercise.unit)
    early = not_gradable(exercise, broken) if broken else before_the_checks(session.course, subject, own_cases)
    if early is None and session.state.get(exercise.id) == TODO:
        return _Outcome(TODO)
    if early is not None:
        if early.status == "timeout" and not broken:
            early = session.grader(item).where_it_hangs(early, exercise, session.inspects(item))
        return _Outcome(TODO if early.status == "todo" else BROKEN if broken else WRONG, early, early=True)
    if check.once_right and session.state.get(exercise.id, DONE) != DONE:
        return _Outcome(None, skipped="is looked at once the other checks of this exercise pass")
    try:
        item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
    except (Failure, Fault) as failure:
        if isinstance(failure, Fault) and failure.status == TODO:
            return _Outcome(TODO)
        finding = session.grader(item).diagnosis.explain(failure, exercise, subject, inspects=session.inspects(item))
        return _Outcome(WRONG, explained(finding, 0, exercise))
    return _Outcome(DONE)


def tell(session: Session, item: pytest.Function, check: Check, outcome: _Outcome) -> None:
    """What a check found becomes a message for the student, without a traceback."""
    exercise = session.course.exercises[check.exercise]
    if outcome.fault:
        raise Failed(outcome.fault, pytrace=False)
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.state is not None
    session.note(exercise.id, outcome.state, outcome.result)
    if outcome.state == DONE:
        return
    result = outcome.result
    if result is None:
        raise NotStarted("Not started yet.", pytrace=False)
    if outcome.early:
        if outcome.state == BROKEN and result.message in session.told:
            pytest.skip(f"{exercise.unit}.py does not import")
        kind = NotStarted if outcome.state == TODO else Failed
        raise kind(session.tell(item, result.message), pytrace=False)
    name = f" [{result.mistake}]" if session.is_hidden(item) and result.mistake else ""
    raise Failed(session.tell(item, f"{exercise.id}{name}: {result.message}"), pytrace=False)
