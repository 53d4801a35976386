"""The record of a graded submission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from backpass.judging.result import DEGREES, STATUSES, ExerciseResult

NOT_HANDED_IN = "Nothing was handed in."  # the `problem` of who is on the roster, and has no submission

_NUMBERS, _TEXTS = ("line", "column", "end_line", "end_column"), ("expression", "should_be")


@dataclass(frozen=True)
class Change:
    """What was changed of a mark by hand, or for lateness, and why. `exercise`: its id, None for the whole.

    `before` and `after`: points.
    """

    exercise: str | None
    before: float
    after: float
    why: str

    def __str__(self) -> str:
        kept = "The points stay" if self.before == self.after else f"{self.before:g} points became {self.after:g}"
        return f"{kept}: {self.why}"


@dataclass(frozen=True)
class SubmissionResult:
    """One submission, graded. `problem`: why it could not be read, or not all of it, where that is so.

    `noticed`: what it tried beside computing. `isolation`: "sandbox" where the self-test found the
    confinement complete, else "process"; `layers`: the layers of confinement that were active.
    `student_id`, `late` and `handed_in`: what a vendor's download, or a list of the class, says of it. `notes`: what
    was read in another way than asked for, such as a module of another name. `requests`: exercises that the student
    asks to have looked at again, and why.
    `assignment`: the one that it was graded for. The hashes are of the submission and
    of all else that its marks depend on; where both are those of a result, it is still right.

    `changes` were made since then (see `adjustments.py`); `total`: the points, where those are not the sum any more.
    `devices`: where it computed; "simulated" is a stand-in for a GPU (see `worker/simulated.py`).
    """

    submission: str
    exercises: dict[str, ExerciseResult]
    problem: str | None = None
    noticed: tuple[str, ...] = ()
    isolation: str = "process"
    layers: tuple[str, ...] = ()
    student_id: str | None = None
    late: bool = False
    submission_hash: str = ""
    grading_hash: str = ""
    notes: tuple[str, ...] = ()
    assignment: str | None = None
    requests: dict[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    total: float | None = None
    devices: tuple[str, ...] = ("cpu",)
    handed_in: datetime | None = None

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SubmissionResult:
        """The result that `record` was made of; KeyError, TypeError or ValueError where it is no such record."""
        if not isinstance(record["submission"], str):
            raise TypeError(f"its submission is {record['submission']!r}")
        return cls(
            record["submission"],
            {name: exercise_result(**result) for name, result in record["exercises"].items()},
            record.get("problem"),
            tuple(record.get("noticed", ())),
            record["isolation"],
            tuple(record["layers"]),
            record.get("student_id"),
            record.get("late", False),
            record.get("submission_hash", ""),
            record.get("grading_hash", ""),
            tuple(record.get("notes", ())),
            record.get("assignment"),
            dict(record.get("requests", {})),
            devices=tuple(record.get("devices", ("cpu",))),
            handed_in=datetime.fromisoformat(record["handed_in"]) if "handed_in" in record else None,
        )

    @property
    def points(self) -> float:
        if self.total is not None:
            return self.total
        return round(sum(result.points for result in self.exercises.values()), 2)

    @property
    def max_points(self) -> float:
        return sum(result.max_points for result in self.exercises.values())

    @property
    def is_unknown(self) -> bool:
        """Whether its marks say nothing of its answers: it could not be read, or not be graded, or is not there."""
        return self.problem is not None and not self.points and not self.changes

    @property
    def was_handed_in(self) -> bool:
        return self.problem != NOT_HANDED_IN

    def changes_of(self, exercise: str | None) -> list[Change]:
        """What was changed of the mark of an exercise, or of the whole."""
        return [change for change in self.changes if change.exercise == exercise]

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
            "submission_hash": self.submission_hash,
            "grading_hash": self.grading_hash,
            "exercises": {name: _exercise_record(result) for name, result in self.exercises.items()},
        }
        if self.devices != ("cpu",):
            record["devices"] = list(self.devices)
        if self.noticed:
            record["noticed"] = list(self.noticed)
        if self.problem is not None:
            record["problem"] = self.problem
        if self.student_id is not None:
            record["student_id"] = self.student_id
        if self.assignment is not None:
            record["assignment"] = self.assignment
        if self.requests:
            record["requests"] = self.requests
        if self.notes:
            record["notes"] = list(self.notes)
        if self.late:
            record["late"] = True
        if self.handed_in is not None:
            record["handed_in"] = self.handed_in.isoformat()
        return record


def _exercise_record(result: ExerciseResult) -> dict[str, Any]:
    """A result without what is not known of it; the first five are always there."""
    record = asdict(result)
    always = ("status", "points", "max_points", "mistake", "message")
    return {name: value for name, value in record.items() if value is not None or name in always}


def exercise_result(**record: Any) -> ExerciseResult:
    """The result of an exercise that a record is of; TypeError or ValueError where it is none."""
    result = ExerciseResult(**record)
    if result.status not in STATUSES:
        raise ValueError(f"its status {result.status!r} is none of {', '.join(STATUSES)}")
    if not isinstance(result.points, int | float) or not isinstance(result.max_points, int | float):
        raise TypeError(f"its points are {result.points!r} of {result.max_points!r}")
    if result.degree not in (None, *DEGREES):
        raise ValueError(f"its degree {result.degree!r} is none of {', '.join(DEGREES)}")
    for names, kind in ((_NUMBERS, int), (_TEXTS, str)):
        for name in names:
            if not isinstance(record.get(name), kind | None):
                raise TypeError(f"its {name} is {record[name]!r}")
    return result
