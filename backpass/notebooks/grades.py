"""Marks out of the gradebook, in the form of nbgrader's own export: what nobody knows stays empty, and is told."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment, TaskCell
from nbgrader.plugins import ExportPlugin
from traitlets import Bool

_NUMBERS = ("raw_score", "late_submission_penalty", "score")
_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *(*_NUMBERS, "max_score"),
)


class Grades(ExportPlugin):
    """nbgrader's `plugin_class` for `nbgrader export`."""

    unreadable_as_zero = Bool(
        False, help="0 for what could not be read, or was not handed in, and not an empty cell."
    ).tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each assignment and student; a warning for each whose marks are not all known."""
        path = Path(self.to or "grades.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
            writer.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        writer.writerow(self._row(gradebook, assignment, student))
        self.log.info("Marks are in %s", path)

    def _row(self, gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
        row = {name: getattr(student, name) for name in ("last_name", "first_name", "email")}
        row |= {"assignment": assignment.name, "duedate": assignment.duedate, "student_id": student.id}
        row |= {"max_score": assignment.max_score} | dict.fromkeys(_NUMBERS, 0.0 if self.unreadable_as_zero else None)
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            if assignment.submissions:  # or it is not collected yet
                self._tell(row, "nothing was handed in")
            return row
        row["timestamp"] = submission.timestamp
        unread, unmarked = list(_unread(submission)), list(_unmarked(submission))
        if unmarked:
            self.log.warning("%s, %s: not marked yet: %s", assignment.name, student.id, ", ".join(unmarked))
        if unread:
            self._tell(row, f"{', '.join(unread)} could not be read: its feedback says why")
        if not unread or self.unreadable_as_zero:
            penalty = submission.late_submission_penalty
            marks = submission.score, penalty, max(0.0, submission.score - penalty)
            row |= dict(zip(_NUMBERS, marks, strict=True))
        return row

    def _tell(self, row: dict[str, Any], why: str) -> None:
        counts = "counts 0" if self.unreadable_as_zero else "has no mark; --Grades.unreadable_as_zero=True makes it 0"
        self.log.warning("%s, %s: %s. This %s.", row["assignment"], row["student_id"], why, counts)


def _unread(submission: SubmittedAssignment) -> Iterator[str]:
    """The notebooks with marks that nobody has computed or given."""
    for notebook in submission.notebooks:
        grades = [grade for grade in notebook.grades if not isinstance(grade.cell, TaskCell)]
        if any(grade.auto_score is None and grade.manual_score is None for grade in grades):
            yield notebook.name


def _unmarked(submission: SubmittedAssignment) -> Iterator[str]:
    """The notebooks that wait for a person."""
    for notebook in submission.notebooks:
        if any(isinstance(grade.cell, TaskCell) and grade.needs_manual_grade for grade in notebook.grades):
            yield notebook.name
