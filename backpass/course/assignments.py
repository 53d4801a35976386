"""What is asked at a time: the `[[assignments]]` of `course.toml`, or of an `assignments.toml` beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ASSIGNMENTS = "assignments.toml"


@dataclass(frozen=True)
class Assignment:
    """Some exercises of the course, by id, with what each of their points is worth here.

    `title`: what it is called where marks go. `due`: None without a date; after it each day that has begun costs
    `percent_a_day` of the points, and `at_most` percent in all.
    """

    name: str
    title: str
    weights: Mapping[str, float] = field(hash=False)
    opens: datetime | None = None
    due: datetime | None = None
    percent_a_day: float = 0
    at_most: float = 100
    quizzes: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()

    @property
    def dates(self) -> str:
        """What students are to know of its dates, in a sentence; empty where it has none."""
        times = ((self.opens, "opens at"), (self.due, "is due at"))
        told = " and ".join(f"{word} {moment:%Y-%m-%d %H:%M %Z}" for moment, word in times if moment is not None)
        if self.percent_a_day:
            told += f"; each day after that costs {self.percent_a_day:g} % of the points, at most {self.at_most:g} %"
        return f"{self.title} {told}." if told else ""

    def percent_lost(self, late: timedelta) -> float:
        """What so much time after the due date costs, in percent."""
        days = math.ceil(late / timedelta(days=1))
        return min(self.at_most, self.percent_a_day * max(0, days))


def read_assignments(data: Mapping[str, Any], units: Mapping[str, Sequence[str]]) -> tuple[Assignment, ...]:
    """The assignments in a file that `manifest_check` has found right; `units`: the exercises of each, by id."""
    zone = ZoneInfo(data["timezone"]) if "timezone" in data else None
    return tuple(_assignment(each, units, zone) for each in data.get("assignments", ()))


def _assignment(table: Mapping[str, Any], units: Mapping[str, Sequence[str]], zone: ZoneInfo | None) -> Assignment:
    whole = table.get("units", ())
    chosen = {id for unit in whole for id in units.get(unit, ())} | set(table.get("exercises", ()))
    weights = table.get("weights", {})
    late = table.get("late", {})
    return Assignment(
        table["name"],
        table.get("title", table["name"]),
        {id: weights.get(id, weights.get(unit, 1)) for unit, ids in units.items() for id in ids if id in chosen},
        in_zone(table.get("opens"), zone),
        in_zone(table.get("due"), zone),
        late.get("percent_a_day", 0),
        late.get("at_most", 100),
        tuple(table.get("quizzes", whole)),
        tuple(table.get("labs", whole)),
    )


def in_zone(moment: datetime | None, zone: ZoneInfo | None) -> datetime | None:
    """A moment of the file with the file's time zone where it has none of its own."""
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment
