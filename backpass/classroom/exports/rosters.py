"""Lists of students as other systems export them: read, matched with submissions, and given back.

Nothing but the cells that are filled in changes: order, columns, delimiter, line ends and byte-order mark stay.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backpass.classroom.results import SubmissionResult
from backpass.course.words import same

_DELIMITERS = (",", ";", "\t")
_MARK = "\ufeff"


class RosterError(Exception):
    """A list that cannot be filled in; the message says what is missing, and how to get it."""


@dataclass
class Roster:
    """A list of students: `columns` are its names, `rows` its cells as text, each row as long as `columns`."""

    columns: list[str]
    rows: list[list[str]]
    _delimiter: str = ","
    _line_end: str = "\r\n"
    _mark: str = ""

    @classmethod
    def read(cls, path: Path, needed: Sequence[str], how_to_get_it: str) -> Roster:
        """The list in a CSV file with the columns `needed`; RosterError where it has others or is not UTF-8."""
        try:
            text = path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            raise RosterError(f"There is no {path}. {how_to_get_it}") from None
        except UnicodeDecodeError as error:
            raise RosterError(f"{path} is not in UTF-8 ({error}): export it again. {how_to_get_it}") from None
        mark, text = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
        line_end = "\r\n" if "\r\n" in text else "\n"
        tables = {
            each: list(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=each))) for each in _DELIMITERS
        }
        delimiter = max(tables, key=lambda each: len(tables[each][0]) if tables[each] else 0)
        columns, *rows = tables[delimiter] or [[]]
        missing = set(needed) - {name.strip() for name in columns}
        if missing:
            raise RosterError(
                f"{path} has no column {', '.join(sorted(missing))}: it has {', '.join(columns[:12])}. {how_to_get_it}"
            )
        for row in rows:
            if len(row) > len(columns):
                raise RosterError(f"{path} has {len(columns)} columns, and a row with {len(row)}: {row[:3]}.")
            row += [""] * (len(columns) - len(row))
        return cls(columns, rows, delimiter, line_end, mark)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(self._mark)
            csv.writer(file, delimiter=self._delimiter, lineterminator=self._line_end).writerows(
                [self.columns, *self.rows]
            )

    def column(self, name: str) -> int | None:
        """The position of a column; None without one."""
        return next((place for place, each in enumerate(self.columns) if each.strip() == name), None)

    def cells(self, row: int, *columns: str) -> list[str]:
        """What a row has in those of `columns` that are there."""
        return [self.rows[row][place] for name in columns if (place := self.column(name)) is not None]


@dataclass
class Matched:
    """Which submission belongs to which student. `by_row`: by the position of the student's row.

    `unmatched`: for each submission that belongs to none, or may belong to several, what is known. `left`:
    cells that were left as they are, and why. `maximum`: what all of the points are there.
    """

    by_row: dict[int, SubmissionResult] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    maximum: float | None = None


def match(
    students: Mapping[int, Collection[str]], results: Sequence[tuple[SubmissionResult, Collection[str]]]
) -> Matched:
    """Match by equality, and only where it is unique on both sides.

    `students`: for each row, what the student may be called there; `results`: each with what its name says.
    """
    rows: dict[str, set[int]] = {}
    for row, names in students.items():
        for name in names:
            if same(name):
                rows.setdefault(same(name), set()).add(row)
    matched = Matched()
    claims: dict[int, list[SubmissionResult]] = {}
    for result, names in results:
        found = set().union(*(rows.get(same(name), set()) for name in names))
        if len(found) == 1:
            claims.setdefault(found.pop(), []).append(result)
        elif found:
            matched.unmatched.append(f"{result.submission}: fits {len(found)} students")
        else:
            matched.unmatched.append(f"{result.submission}: no such student")
    for row, claimants in claims.items():
        if len(claimants) == 1:
            matched.by_row[row] = claimants[0]
        else:
            names = ", ".join(each.submission for each in claimants)
            matched.unmatched.append(f"{names}: all fit the same student")
    return matched


def scaled(result: SubmissionResult, maximum: float) -> str:
    """The points of a submission where all of them are `maximum`, as text with at most two decimals."""
    share = result.points / result.max_points if result.max_points else 0.0
    return f"{maximum * share:.2f}".rstrip("0").rstrip(".")


def maximum_in(text: str) -> float | None:
    """A maximum of points as other systems write it ("100.00", "100,00"); None where it is no number above 0."""
    try:
        maximum = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return maximum if 0 < maximum < float("inf") else None
