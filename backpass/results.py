"""The record of a graded submission, and the files it is written to."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

STATUSES = ("passed", "failed", "todo", "crashed", "timeout", "shortcut")


class Isolation(StrEnum):
    """How well a submission is confined: `sandbox` where the self-test finds the confinement complete."""

    sandbox = "sandbox"
    process = "process"


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

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SubmissionResult:
        """The result that `record` was made of; KeyError or TypeError where it is no such record."""
        return cls(
            record["submission"],
            {name: ExerciseResult(**result) for name, result in record["exercises"].items()},
            record.get("problem"),
            tuple(record.get("noticed", ())),
            record["isolation"],
            tuple(record["layers"]),
        )

    @property
    def points(self) -> float:
        return round(sum(result.points for result in self.exercises.values()), 2)

    @property
    def max_points(self) -> float:
        return sum(result.max_points for result in self.exercises.values())

    def of_units(self, units: Collection[str]) -> SubmissionResult:
        """The same submission with the exercises of `units` only."""
        chosen = {name: each for name, each in self.exercises.items() if name.partition(".")[0] in units}
        return replace(self, exercises=chosen)

    def wrong(self) -> Iterator[tuple[str, ExerciseResult]]:
        """The wrong exercises; of several with the same message, as in a module that does not import, the first."""
        told = set()
        for name, each in self.exercises.items():
            if each.status not in ("passed", "todo") and each.message not in told:
                told.add(each.message)
                yield name, each

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


class ResultsError(Exception):
    """Results that cannot be read; the message says where, and what to do."""


def read_results(folder: Path) -> list[SubmissionResult]:
    """The results in `folder/results.jsonl`, in its order; of a submission that is there twice, the last.

    ResultsError where the file is missing or a line of it is damaged.
    """
    path = folder / "results.jsonl"
    if not path.is_file():
        raise ResultsError(f"{folder} has no results.jsonl: give the folder that `backpass grade --out` wrote.")
    results: dict[str, SubmissionResult] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                result = SubmissionResult.from_record(json.loads(line))
            except (ValueError, KeyError, TypeError):
                shown = line.strip()[:60]
                raise ResultsError(
                    f"Line {number} of {path} is damaged ({shown!r}): run `backpass grade` again."
                ) from None
            results[result.submission] = result
    return list(results.values())


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
