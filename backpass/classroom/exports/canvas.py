"""Marks in Canvas's gradebook: a CSV that Canvas exports, and imports again with the marks in it.

The form: "How do I import grades in the Gradebook?" in Canvas's Instructor Guide, and as Canvas itself reads it:
https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from backpass.classroom.exports.rosters import Matched, Roster, RosterError, match, maximum_in, scaled
from backpass.classroom.results import SubmissionResult

_GET_IT = "Export the gradebook from Canvas: Grades, Export, Export Entire Gradebook."
_NAMES = ("ID", "SIS User ID", "SIS Login ID")
_STUDENT_COLUMNS = ("Student", "LastName", "FirstName", *_NAMES, "Integration ID", "Root Account", "Section")
# A file in Canvas's "Download Submissions": lovelaceada_4001_88231_losses, with _LATE after the name of a late one;
# or its student, lovelaceada_4001.
_DOWNLOADED = re.compile(r"\w+?_(?:LATE_)?(\d+)(?:_\d+(?:_.*)?)?")


def fill_in(
    results: Sequence[SubmissionResult], gradebook: Path, assignment: str, out: Path, *, unknown_as_zero: bool = False
) -> Matched:
    """Write `gradebook` to `out` with the marks under `assignment`, scaled to its "Points Possible".

    RosterError where the file is no gradebook, or has no such assignment. Students that are excused stay so; of whom
    nothing is known has no mark, unless `unknown_as_zero`.
    """
    roster = Roster.read(gradebook, ("ID", "Section"), _GET_IT)
    column = _assignment_column(roster, assignment, gradebook)
    points_row = next((row for row in roster.rows if "Points Possible" in row[0]), None)
    maximum = maximum_in(points_row[column]) if points_row else None
    if maximum is None:
        found = repr(points_row[column]) if points_row else "no such row"
        raise RosterError(
            f"{gradebook} has {found} for the Points Possible of {assignment!r}: give the assignment points in Canvas, "
            f"and export again."
        )
    students = {row: _names(roster, row) for row in range(len(roster.rows)) if _is_student(roster, row)}
    matched = match(students, [(result, claims(result.submission)) for result in results])
    matched.maximum = maximum
    for row, result in matched.by_row.items():
        if roster.rows[row][column].strip().upper() == "EX":
            matched.left.append(f"{result.submission}: excused in Canvas")
        elif result.is_unknown and not unknown_as_zero:
            matched.left.append(f"{result.submission}: {result.problem}")
        else:
            roster.rows[row][column] = scaled(result, maximum)
    roster.write(out)
    return matched


def _assignment_column(roster: Roster, assignment: str, path: Path) -> int:
    """The column of an assignment: Canvas puts its number behind its title, "Homework 1 (901234)"."""
    places = {place: name for place, name in enumerate(roster.columns) if name.strip() not in _STUDENT_COLUMNS}
    found = [
        place
        for place, name in places.items()
        if name == assignment or re.fullmatch(rf"{re.escape(assignment)} \(\d+\)", name)
    ]
    if len(found) != 1:
        known = "; ".join(name for name in places.values() if re.search(r" \(\d+\)$", name))
        raise RosterError(
            f"{path} has {len(found) or 'no'} assignments {assignment!r}. It has: {known}. "
            "Create it in Canvas first, and export again."
        )
    return found[0]


def _is_student(roster: Roster, row: int) -> bool:
    cells = roster.rows[row]
    return "Points Possible" not in cells[0] and any(cell.strip() for cell in roster.cells(row, "ID", "Student"))


def _names(roster: Roster, row: int) -> set[str]:
    names = set(roster.cells(row, "Student", *_NAMES))
    for name in roster.cells(row, "Student"):
        last, comma, first = name.partition(", ")
        if comma:
            names.add(f"{first} {last}")
    parts = roster.cells(row, "FirstName", "LastName")
    return names | ({" ".join(parts)} if parts else set())


def claims(submission: str) -> set[str]:
    """What the name of a submission in a download says of its student."""
    downloaded = _DOWNLOADED.fullmatch(submission)
    return {submission, downloaded[1]} if downloaded else {submission}
