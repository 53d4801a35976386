"""Marks in Moodle's grading worksheet: a CSV that an assignment offers, and takes back with the marks in it.

The form: https://docs.moodle.org/en/Assignment_settings#Feedback_types, and as Moodle itself reads it:
https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/importgradeslib.php.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from backpass.classroom.exports.rosters import Matched, Roster, RosterError, match, maximum_in, scaled
from backpass.classroom.results import SubmissionResult

_GET_IT = (
    "Download the worksheet with Moodle in English: View all submissions, Download grading worksheet. The assignment "
    "needs the feedback type `Offline grading worksheet` for that."
)
_COMMENTS = "Feedback comments"
# A folder or file in Moodle's "Download all submissions": Ada Lovelace_4711_assignsubmission_file; or its student,
# Ada Lovelace_4711.
_DOWNLOADED = re.compile(r".+?_(\d+)(?:_assignsubmission_.*)?")


def fill_in(
    results: Sequence[SubmissionResult], worksheet: Path, out: Path, *, unknown_as_zero: bool = False
) -> Matched:
    """Write `worksheet` to `out` with the marks, scaled to its maximum, and what is wrong as feedback comments.

    RosterError where the file is no worksheet. Marks that Moodle has locked stay as they are; of
    whom nothing is known has none, unless `unknown_as_zero`.
    """
    roster = Roster.read(worksheet, ("Identifier", "Grade", "Maximum Grade"), _GET_IT)
    grade, maximum, comments = (roster.column(name) for name in ("Grade", "Maximum Grade", _COMMENTS))
    assert grade is not None and maximum is not None
    matched = match(
        {row: _names(roster, row) for row in range(len(roster.rows))},
        [(result, claims(result.submission)) for result in results],
    )
    for row, result in matched.by_row.items():
        cells = roster.rows[row]
        if "No" in roster.cells(row, "Grade can be changed"):
            matched.left.append(f"{result.submission}: locked in Moodle")
            continue
        most = maximum_in(cells[maximum])
        if most is None:
            raise RosterError(
                f"{worksheet} has {cells[maximum]!r} for the maximum grade: the assignment has to be graded in points."
            )
        matched.maximum = most
        if result.is_unknown and not unknown_as_zero:
            matched.left.append(f"{result.submission}: {result.problem}")
        else:
            cells[grade] = scaled(result, most)
        if comments is not None:
            cells[comments] = _feedback(result)
    roster.write(out)
    return matched


def _names(roster: Roster, row: int) -> set[str]:
    return set(roster.cells(row, "Identifier", "Full name", "Email address", "Username", "ID number"))


def claims(submission: str) -> set[str]:
    """What the name of a submission in a download says of its student."""
    downloaded = _DOWNLOADED.fullmatch(submission)
    return {submission, f"Participant {downloaded[1]}"} if downloaded else {submission}


def _feedback(result: SubmissionResult) -> str:
    """The messages of the wrong exercises in HTML, as which Moodle takes comments."""
    told = [f"{name}: {each.message}" for name, each in result.wrong()] if result.problem is None else [result.problem]
    told = [*(f"{each.exercise or 'In all'}: {each}" for each in result.changes), *told]
    return "".join(f"<pre>{html.escape(text, quote=False)}</pre>" for text in told)
