"""What became of one exercise."""

from __future__ import annotations

from dataclasses import dataclass

STATUSES = ("passed", "failed", "todo", "crashed", "timeout", "shortcut")


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. `mistake`: the id in the catalogue, or None; `message`: for the student."""

    status: str
    points: float
    max_points: float
    mistake: str | None
    message: str
