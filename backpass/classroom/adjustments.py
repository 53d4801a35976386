"""From what graders found to marks: cut to an assignment, and changed by lateness and by `adjustments.toml`.

That file lies beside the results and is the instructor's; grading never writes it. Extensions, overrides and what a
mistake costs are in it, each with its reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from backpass.classroom.result_files import ResultsError, read_records
from backpass.classroom.results import Change, SubmissionResult
from backpass.course.assignments import Assignment
from backpass.course.manifest import Course
from backpass.course.manifest_check import Lines, keys
from backpass.course.words import same
from backpass.judging.result import ExerciseResult

ADJUSTMENTS = "adjustments.toml"
_WHY = {"reason": str, "by": str, "when": date}
_ADJUSTMENT = {"student": str, "reason": str}
_MAY_ADJUST = {
    **_WHY,
    "assignment": str,
    "exercise": str,
    "points": (int, float),
    "due": datetime,
    "handed_in": datetime,
}
_MISTAKE = {"mistake": str, "costs": (int, float), "reason": str}
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Adjustment:
    """One entry of the file: `table` is what it says, `line` where."""

    line: int
    table: dict[str, Any]

    @property
    def why(self) -> str:
        """The reason, who gave it, and when."""
        who = ", ".join(str(self.table[key]) for key in ("by", "when") if key in self.table)
        return f"{self.table['reason']} ({who})" if who else str(self.table["reason"])


class Marking:
    """Makes marks of the results in a folder; `course` is cut to the assignment that they were graded for, if to any.

    CourseError where the course does not have it, ResultsError where the file beside the results is not right.
    """

    def __init__(self, course: Course, folder: Path) -> None:
        graded_for = sorted({record["assignment"] for record in read_records(folder) if record.get("assignment")})
        if len(graded_for) > 1:
            raise ResultsError(f"{folder} has results of {' and '.join(graded_for)}: give each a folder of its own.")
        self.course = course.only(*graded_for) if graded_for and course.assignment is None else course
        self._path = folder / ADJUSTMENTS
        self._adjustments, self._mistakes = _read(self._path, course)
        self._used: set[int] = set()

    def of(self, result: SubmissionResult) -> SubmissionResult:
        """A result as it is marked, with what was changed and why."""
        return self._adjusted(replace(result, exercises=dict(self._asked(result))))

    def unused(self) -> list[str]:
        """The entries of the file that fitted no submission, once all have been marked."""
        return [
            f"{self._path}:{each.line}: no submission here is called {each.table['student']!r}, so it changes nothing"
            for each in self._adjustments
            if each.line not in self._used and self._is_ours(each)
        ]

    def _asked(self, result: SubmissionResult) -> Iterator[tuple[str, ExerciseResult]]:
        """The exercises that are asked, with their points there; also what the course does not have any more."""
        for id, each in result.exercises.items():
            exercise = self.course.exercises.get(id)
            if exercise is None and (self.course.assignment or id in self.course.declared):
                continue
            if exercise is None or self.course.assignment is None or each.max_points == exercise.points:
                yield id, each
            else:
                points = round(each.points * exercise.points / each.max_points, 2)
                yield id, replace(each, points=points, max_points=exercise.points)

    def _adjusted(self, result: SubmissionResult) -> SubmissionResult:
        entries = [each for each in self._adjustments if self._is_ours(each) and _is_of(each, result)]
        self._used |= {each.line for each in entries}
        exercises = dict(result.exercises)
        changes: list[Change] = []

        def change(id: str, points: float, why: str) -> None:
            if points != exercises[id].points:
                changes.append(Change(id, exercises[id].points, points, why))
                exercises[id] = replace(exercises[id], points=points)

        for each in self._mistakes:
            for id, found in result.exercises.items():
                if found.mistake == each.table["mistake"] and each.table.get("exercise", id) == id:
                    change(id, max(0, round(found.max_points - each.table["costs"], 2)), each.why)
        for each in entries:
            if each.table.get("exercise") in exercises and "points" in each.table:
                change(each.table["exercise"], each.table["points"], each.why)
        result = replace(result, exercises=exercises, changes=tuple(changes))
        result = _for_lateness(result, self.course.assignment, entries)
        for each in entries:
            if "exercise" not in each.table and "points" in each.table:
                points = float(each.table["points"])
                result = _with_total(result, points, each.why)
        return result

    def _is_ours(self, entry: Adjustment) -> bool:
        """Whether an entry is about what is marked here."""
        assignment = self.course.assignment
        return "assignment" not in entry.table or (
            assignment is not None and entry.table["assignment"] == assignment.name
        )


def extension_of(student: str, assignment: Assignment, course: Course, folder: Path) -> datetime | None:
    """The due date that the file in a folder gives one student; None where it gives none."""
    entries, _ = _read(folder / ADJUSTMENTS, course)
    found = [
        each.table["due"]
        for each in entries
        if "due" in each.table
        and same(each.table["student"]) == same(student)
        and each.table.get("assignment", assignment.name) == assignment.name
    ]
    return found[-1] if found else None


def _for_lateness(
    result: SubmissionResult, assignment: Assignment | None, entries: Iterable[Adjustment]
) -> SubmissionResult:
    """The result without what its lateness costs; by how much it is late, a download may not know."""
    if assignment is None or assignment.due is None or result.is_unknown:
        return result
    extended = next((each for each in reversed(list(entries)) if "due" in each.table), None)
    said = (each.table["handed_in"] for each in reversed(list(entries)) if "handed_in" in each.table)
    came = next(said, result.handed_in)
    due = extended.table["due"] if extended else assignment.due
    until = f"due until {due:%Y-%m-%d %H:%M}"
    if extended:
        until += f" by an extension: {extended.why}"
    if came is not None:
        came = came.replace(tzinfo=came.tzinfo or due.tzinfo)
        lost, told = assignment.percent_lost(came - due), f"handed in at {came:%Y-%m-%d %H:%M}, {until}"
    elif result.late and not extended:
        lost, told = assignment.percent_lost(_A_DAY), f"late by what the download says, taken as one day; {until}"
    elif extended:
        return replace(result, changes=(*result.changes, Change(None, result.points, result.points, until)))
    else:
        return result
    if not lost and not extended and not any("handed_in" in each.table for each in entries):
        return result  # in time, and nobody has said anything else
    if not lost:
        return replace(result, changes=(*result.changes, Change(None, result.points, result.points, told)))
    return _with_total(result, round(result.points * (1 - lost / 100), 2), f"{lost:g} % less: {told}")


def _with_total(result: SubmissionResult, points: float, why: str) -> SubmissionResult:
    return replace(result, total=points, changes=(*result.changes, Change(None, result.points, points, why)))


def _is_of(entry: Adjustment, result: SubmissionResult) -> bool:
    student = same(entry.table["student"])
    return student in {same(result.submission), same(result.student_id or "")} and bool(student)


def _read(path: Path, course: Course) -> tuple[list[Adjustment], list[Adjustment]]:
    """The adjustments of students, and those of mistakes; ResultsError says line by line what is wrong."""
    if not path.is_file():
        return [], []
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {error}") from None
    lines = Lines(text)
    wrong = list(_problems(data, course, lines))
    if wrong:
        raise ResultsError("\n".join(f"{path}:{line}: {what}" for line, what in wrong))

    def entries(name: str) -> list[Adjustment]:
        return [Adjustment(lines.of((name, n), ""), table) for n, table in enumerate(data.get(name, ()))]

    return entries("adjustments"), entries("mistakes")


def _problems(data: dict[str, Any], course: Course, lines: Lines) -> Iterator[tuple[int, str]]:
    yield from keys(data, {}, {"adjustments": list, "mistakes": list}, (-1, -1), lines)
    assignments = [each.name for each in course.assignments]
    for name, required, optional in (
        ("adjustments", _ADJUSTMENT, _MAY_ADJUST),
        ("mistakes", _MISTAKE, {**_WHY, "exercise": str}),
    ):
        for number, table in enumerate(data.get(name, ())):
            at = name, number
            found = list(keys(table, required, optional, at, lines))
            yield from found
            if found:
                continue
            if "exercise" in table and table["exercise"] not in course.declared:
                yield lines.of(at, "exercise"), f"exercise = {table['exercise']!r} is none of this course"
            if "assignment" in table and table["assignment"] not in assignments:
                known = ", ".join(assignments) or "none"
                yield lines.of(at, "assignment"), f"assignment = {table['assignment']!r}; there are: {known}"
            for key in ("points", "costs"):
                if not 0 <= table.get(key, 0) < 1e6:
                    yield lines.of(at, key), f"{key} = {table[key]} is no number of points"
            if name == "adjustments" and not table.keys() & {"points", "due", "handed_in"}:
                yield lines.of(at, ""), "it changes nothing: give it `points`, `due` or `handed_in`"
            if "due" in table and table["due"].tzinfo is None:
                yield lines.of(at, "due"), f"due = {table['due']} has no time zone: write +02:00 behind it"
