"""What became of one exercise."""

from __future__ import annotations

from dataclasses import dataclass

from backpass.course.words import plain_text

DEGREES = ("cause", "place", "symptom")  # what a message gives, from the most to the least
STATUSES = ("passed", "failed", "todo", "crashed", "timeout", "shortcut")
MOST = 4096  # characters of a message: part of it is a stranger's, and reports, gradebooks and terminals are to bear it


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

    def __post_init__(self) -> None:
        message = self.message if len(self.message) <= MOST else f"{self.message[: MOST - 4]}\n..."
        object.__setattr__(self, "message", plain_text(message, MOST))
        if self.expression is not None:
            object.__setattr__(self, "expression", plain_text(self.expression, MOST))
