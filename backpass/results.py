"""The record of a graded submission, and the files it is written to."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

STATUSES = ("passed", "failed", "todo", "crashed", "timeout", "shortcut")


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. `mistake`: the id in the catalogue, or None; `message`: for the student."""

    status: str
    points: float
    max_points: float
    mistake: str | None
    message: str


@dataclass(frozen=True)
class SubmissionResult:
    """One submission, graded. `problem`: why it could not be read, where it could not.

    `noticed`: what it tried beside computing. `isolation`: "sandbox" where the self-test found the
    confinement complete, else "process"; `layers`: the layers of confinement that were active.
    """

    submission: str
    exercises: dict[str, ExerciseResult]
    problem: str | None = None
    noticed: tuple[str, ...] = ()
    isolation: str = "process"
    layers: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return round(sum(result.points for result in self.exercises.values()), 2)

    @property
    def max_points(self) -> float:
        return sum(result.max_points for result in self.exercises.values())

    def record(self) -> dict[str, Any]:
        """The object of one line of `results.jsonl`."""
        record: dict[str, Any] = {
            "submission": self.submission,
            "points": self.points,
            "max_points": self.max_points,
            "isolation": self.isolation,
            "layers": list(self.layers),
            "exercises": {name: asdict(result) for name, result in self.exercises.items()},
        }
        if self.noticed:
            record["noticed"] = list(self.noticed)
        if self.problem is not None:
            record["problem"] = self.problem
        return record


class ResultFiles:
    """A context that writes `results.jsonl` and `grades.csv` in a folder, a submission at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> ResultFiles:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lines: TextIO = (self.folder / "results.jsonl").open("w", encoding="utf-8")
        self._table: TextIO = (self.folder / "grades.csv").open("w", encoding="utf-8", newline="")
        self._rows: Any = None
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._table.close()

    def add(self, result: SubmissionResult) -> None:
        """Write one submission, and make sure that it is on the disk."""
        self._lines.write(json.dumps(result.record(), ensure_ascii=False) + "\n")
        if self._rows is None:
            self._rows = csv.writer(self._table)
            self._rows.writerow(["submission", "points", "max_points", *result.exercises])
        points = [exercise.points for exercise in result.exercises.values()]
        self._rows.writerow([result.submission, result.points, result.max_points, *points])
        for file in (self._lines, self._table):
            file.flush()
            os.fsync(file.fileno())
