"""A class as Canvas, Moodle, GitHub Classroom or a plain file list it, and who of it has handed in nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from backpass.classroom.exports import canvas, moodle
from backpass.classroom.exports.rosters import Roster, RosterError
from backpass.classroom.result_files import ResultFiles
from backpass.classroom.results import NOT_HANDED_IN, SubmissionResult
from backpass.course.manifest import Course
from backpass.course.words import moment, same
from backpass.judging.result import ExerciseResult
from backpass.student.hand_ins import HandIn

# When each handed in, in the same way: Moodle's, GitHub Classroom's, Gradescope's and that of a list of one's own.
_TIMES = ("last modified (submission)", "submission_timestamp", "submission time", "handed in")
# What a student is called by, in the order of what to call them; lower case.
_COLUMNS = (
    *("student", "name", "full name", "identifier", "login", "username", "sis login id", "github_username"),
    *("email", "email address", "id", "sis user id", "id number", "github_id", "student id"),
)
_NEVER = ("", "-")
_NOBODY = ("points possible", "student, test")  # rows of Canvas's gradebook that are no students
_HOW = "Give a gradebook of Canvas, a worksheet of Moodle, a roster of GitHub Classroom, or a list of names."


@dataclass(frozen=True)
class Listed:
    """A student of the class: what to call them, all that they are called by, and when they handed in, where known."""

    name: str
    names: frozenset[str] = field(repr=False)
    handed_in: datetime | None = None


@dataclass
class Attendance:
    """Who has handed in: `missing` are those on the list who have not; `strangers`: what fits nobody, or several.

    `there`: who on the list it is, by the name of the submission.
    """

    missing: list[Listed]
    strangers: list[str]
    there: dict[str, Listed]


def read_class(path: Path) -> list[Listed]:
    """The students in a CSV file, with or without a row of column names; RosterError where it cannot be read."""
    roster = Roster.read(path, (), _HOW)
    known = {name.strip().casefold(): place for place, name in enumerate(roster.columns)}
    places = [known[name] for name in _COLUMNS if name in known]
    parts = [known[name] for name in ("first name", "firstname") if name in known]
    parts += [known[name] for name in ("last name", "surname", "lastname") if name in known]
    times = [known[name] for name in _TIMES if name in known]
    rows = roster.rows
    if not places and not parts:  # there is no row of column names: each cell is one
        rows, places = [roster.columns, *rows], list(range(len(roster.columns)))
    students = []
    for row in rows:
        whole = " ".join(filter(None, (row[place].strip() for place in parts)))
        called = [name for name in (whole, *(row[place].strip() for place in places)) if name]
        if called and not any(word in called[0].casefold() for word in _NOBODY):
            when = next((_time(row[place], path) for place in times if row[place].strip() not in _NEVER), None)
            students.append(Listed(called[0], frozenset(each for name in called for each in _forms(name)), when))
    return students


def attendance(students: Sequence[Listed], names: Sequence[str]) -> Attendance:
    """Who of the class is among the submissions called `names`, matched by equality."""
    by_name: dict[str, set[int]] = {}
    for number, student in enumerate(students):
        for name in student.names:
            by_name.setdefault(name, set()).add(number)
    strangers, there, alone = [], set(), {}
    for name in names:
        found = set().union(*(by_name.get(same(claim), set()) for claim in _claims(name)))
        there |= found
        if len(found) == 1:
            alone[name] = students[min(found)]
        else:
            strangers.append(f"{name}: fits {len(found)} students" if found else f"{name}: not on the list")
    return Attendance([each for number, each in enumerate(students) if number not in there], strangers, alone)


def with_times(hand_ins: Sequence[HandIn], students: Sequence[Listed]) -> list[HandIn]:
    """The same, each with when it was handed in, where the list says so: it knows better than a download."""
    there = attendance(students, [each.name for each in hand_ins]).there
    times = {name: student.handed_in for name, student in there.items() if student.handed_in is not None}
    return [replace(each, handed_in=times.get(each.name, each.handed_in)) for each in hand_ins]


def note_absent(files: ResultFiles, students: Sequence[Listed], course: Course) -> Attendance:
    """Give each of `students` who has no result a row that says so; whoever has one by now loses that row."""
    before = {name for name in files if (line := files.line(name)) and line.problem == NOT_HANDED_IN}
    found = attendance(students, [name for name in files if name not in before])
    for name in before - {each.name for each in found.missing}:
        files.drop(name)
    # It is known of nothing, which is not the same as 0.
    results = {
        name: ExerciseResult("todo", 0, exercise.points, None, NOT_HANDED_IN)
        for name, exercise in course.exercises.items()
    }
    for student in found.missing:
        files.add(SubmissionResult(student.name, results, NOT_HANDED_IN))
    return found


def _time(text: str, path: Path) -> datetime:
    when = moment(text)
    if when is None:
        raise RosterError(f"{path} says that somebody handed in at {text!r}: write it as 2026-10-12 23:59.")
    return when


def _forms(name: str) -> Iterator[str]:
    """A name as it may stand elsewhere: turned round, and as Canvas writes it in the names of files."""
    last, comma, first = name.partition(", ")
    yield same(name)
    if comma:
        yield same(f"{first} {last}")
    yield re.sub(r"\W", "", f"{last}{first}").casefold()


def _claims(submission: str) -> set[str]:
    """What the name of a submission says of its student; of `hw1-ada` that it may be ada's, as GitHub Classroom's."""
    vendor = canvas.claims(submission) | moodle.claims(submission)
    words = submission.split("-")
    return vendor | {re.sub(r"_(LATE_)?\d+$", "", submission)} | {"-".join(words[n:]) for n in range(len(words))}
