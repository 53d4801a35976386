"""The end of a run: the course at a glance, what to do next, and results in files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backpass.course.manifest import Course, Exercise
from backpass.course.stubs import line_of
from backpass.plugin.run import BROKEN, DONE, TODO, WRONG, Session
from backpass.studying.progress import Progress
from backpass.wrapping import fitted

_MARKS = {DONE: "+", WRONG: "x", TODO: ".", BROKEN: "?"}
_IN_WORDS = {DONE: "done", WRONG: "wrong", TODO: "not started", BROKEN: "does not import"}


def show_map(session: Session, terminalreporter: pytest.TerminalReporter) -> None:
    write = terminalreporter.write_line
    terminalreporter.section("exercises")
    width = max(len(unit.name) for unit in session.course.units)
    screen = terminalreporter._tw.fullwidth
    following = session.following()
    for unit in session.course.units:
        chosen = [e for e in unit.exercises if e.id in session.state]
        marks = [f"{_MARKS[session.state[e.id]]} {e.name}" for e in chosen]
        alike = {session.state[e.id] for e in chosen}
        later = following is not None and following.unit != unit.name
        if len(chosen) > 1 and (alike == {BROKEN} or (alike == {TODO} and later)):
            marks = [f"{_MARKS[alike.pop()]} all {len(chosen)}"]  # their names are told when it is their turn
        for position, line in enumerate(_wrapped(marks, screen - width - 4)):
            write(f"{unit.name if position == 0 else '':<{width}}  {line}")
    _record(session, following, terminalreporter)
    states = list(session.state.values())
    legend = ", ".join(f"{mark} {_IN_WORDS[state]}" for state, mark in _MARKS.items() if state in states)
    write(f"{states.count(DONE)} of {len(states)} done ({legend})")
    if session.prints:
        names = ", ".join(session.prints)
        write(fitted(f"Your code prints in {names}: hidden graders ask for silence.", screen))
    if following is not None:
        write(fitted(_next_step(session, following), screen), bold=True)


def write_results(run: Session, folder: str) -> None:
    """Write what became of the exercises, for `backpass export`; public checks give all of the points, or none."""
    if run.asked_hidden:
        raise pytest.UsageError("--results is for public checks: `backpass grade` writes what hidden graders find")
    from backpass.classroom.result_files import ResultFiles
    from backpass.classroom.results import SubmissionResult
    from backpass.judging.result import ExerciseResult

    results = {}
    for exercise in run.course.exercises.values():
        state, finding = run.state.get(exercise.id), run.findings.get(exercise.id)
        if state == DONE:
            results[exercise.id] = ExerciseResult("passed", exercise.points, exercise.points, None, "")
        elif state in (WRONG, BROKEN) and finding is not None:
            results[exercise.id] = replace(finding, points=0)
        elif state is not None:
            results[exercise.id] = ExerciseResult("todo", 0, exercise.points, None, "Not started yet.")
    name = f"{run.folder.resolve().name}, public checks"
    with ResultFiles(Path(folder), [name]) as files:
        files.add(SubmissionResult(name, results))


def _record(session: Session, following: Exercise | None, terminalreporter: pytest.TerminalReporter) -> None:
    """Write down where one is, and the progress of one's own work where all public checks of an exercise were run."""
    if not session.is_own:
        return
    progress = Progress(session.course)
    judged = {name: state for name, state in session.state.items() if name not in session.in_part and state != BROKEN}
    progress.record_public({name: None if state == TODO else state for name, state in judged.items()})
    if following is not None:
        progress.go_to(following)
    if progress.notice:
        terminalreporter.write_line(progress.notice)


def _wrapped(words: list[str], width: int) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]}   {word}" if lines[-1] else word
        if len(joined) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return [line for line in lines if line]


def _next_step(session: Session, exercise: Exercise) -> str:
    file = session.folder / f"{exercise.unit}.py"
    try:
        shown = file.relative_to(Path.cwd())
    except ValueError:
        shown = file
    broken = session.public()[1].broken(exercise.unit) if session.state.get(exercise.id) == BROKEN else None
    if broken is not None:
        return f"Next: mend {shown}:{broken.line or 1}, then\n  pytest exercises/{exercise.unit}"
    place = f"{shown}:{line_of(file, exercise.name)}" if file.is_file() else str(shown)
    only = _only(exercise, session.course)
    return f"Next: {exercise.title}. Open {place}, then\n  pytest exercises/{exercise.unit} -k {only}"


def _only(exercise: Exercise, course: Course) -> str:
    """What selects this exercise's checks and no others of its unit; pytest also looks at the name of the file."""
    name = exercise.name
    others = [each.name for each in course.unit(exercise.unit).exercises if each.name != name]
    if name not in exercise.unit and not any(name in other for other in others):
        return name
    longer = [f"test_{other}" for other in others if other.startswith(f"{name}_")]
    return f'"test_{name}_ and not {" and not ".join(longer)}"' if longer else f"test_{name}_"
