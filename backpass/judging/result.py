"""What became of one exercise."""

from __future__ import annotations

from dataclasses import dataclass

DEGREES = ("cause", "place", "symptom")  # what a message gives, from the most to the least
STATUSES = ("passed", "failed", "todo", "crashed", "timeout", "shortcut")


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. `mistake`: the id in the catalogue, or None; `message`: for the student.

    `degree`: what the message gives, "cause" (a known mistake), "place" or "symptom". The rest, where an expression of
    the student's is to blame: its lines (from 1) and columns (from 0), its text, and in words what it should be.
    """

    status: str
    points: float
    max_points: float
    mistake: str | None
    message: str
    degree: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    expression: str | None = None
    should_be: str | None = None
