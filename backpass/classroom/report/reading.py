"""Reading `results.jsonl` again: line by line, as often as needed, and never more than one result in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from backpass.classroom.adjustments import Marking
from backpass.classroom.result_files import RESULTS
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course


class ReportError(Exception):
    """No report can be written; the message says why and what to do."""


class Results:
    """The results in a folder, as they are marked, in the order of their file; iterate as often as you like.

    A submission that was graded again has several lines, of which the last counts. `notices`: a sentence for
    each line that is left out, and on what was graded again; `left_out`: how many lines. `marking`: what makes marks
    of what was graded, in a part of the course.
    """

    def __init__(self, folder: Path, course: Course) -> None:
        self.path = folder / RESULTS
        self.notices: list[str] = []
        self._offsets: dict[str, int] = {}
        if not folder.is_dir():
            raise ReportError(f"There is no folder {folder}. Give the one that `backpass grade` wrote with --out.")
        if not self.path.is_file():
            raise ReportError(f"{folder} has no {RESULTS}. Give the folder that `backpass grade` wrote with --out.")
        self.left_out = 0
        offset = earlier = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        name = _result(line).submission
                        earlier += self._offsets.pop(name, None) is not None
                        self._offsets[name] = offset
                    except (ValueError, TypeError, KeyError, AttributeError) as error:
                        self.left_out += 1
                        self.notices.append(_why_left_out(number, line, error))
                offset += len(line)
        if not self._offsets:
            raise ReportError(f"{self.path} has no result in it. Run `backpass grade` first.")
        if earlier:
            self.notices.append(
                f"{RESULTS} has submissions that were graded again: {earlier} earlier results do not count."
            )
        self.marking = Marking(course, folder)
        self.graded_at = datetime.fromtimestamp(self.path.stat().st_mtime)

    @property
    def names(self) -> list[str]:
        """The submissions, in the order of their results."""
        return list(self._offsets)

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[SubmissionResult]:
        with self.path.open("rb") as file:
            for offset in self._offsets.values():
                file.seek(offset)
                yield self.marking.of(_result(file.readline()))


def _result(line: bytes) -> SubmissionResult:
    return SubmissionResult.from_record(json.loads(line))


def _why_left_out(number: int, line: bytes, error: Exception) -> str:
    if not line.endswith(b"\n"):
        return f"Line {number} of {RESULTS} is half-written and left out: grade again to complete it."
    reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
    return f"Line {number} of {RESULTS} is not a result and left out ({reason}): {line[:60].decode(errors='replace')}"
