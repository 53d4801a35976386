"""The files that results are written to."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from backpass.classroom.results import SubmissionResult

RESULTS = "results.jsonl"
TABLE = "grades.csv"
_WAIT_FOR_THE_LOCK = 3.0  # seconds; the processes of a run that was killed need a moment to end


@dataclass(frozen=True)
class Line:
    """What a run has to know of a result that is in the file already: where it is, and its summary."""

    start: int
    size: int
    hashes: tuple[str, str]
    points: float
    statuses: dict[str, int]
    exercises: tuple[str, ...]
    problem: str | None
    notes: tuple[str, ...]


class ResultsError(Exception):
    """The results cannot be read or written; the message says why and what to do."""


class ResultFiles:
    """A context that keeps `results.jsonl` and `grades.csv` in a folder. Only one run at a time may have it.

    Results are appended to the first as they come, and the last one of a submission counts. When the context is left,
    both are written anew, each as a whole: a line for each submission of `names`, in that order, then what was there
    of others. In between there is no `grades.csv`. ResultsError where that cannot be done.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self._names = names
        self._path = folder / RESULTS
        self._lines: dict[str, Line] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> ResultFiles:
        with self._stack:
            with self._errors_told():
                self.folder.mkdir(parents=True, exist_ok=True)
                self._stack.enter_context(_lock(self.folder))
                self._file = self._stack.enter_context(self._path.open("a+b", buffering=0))
                _sync_folder(self.folder)
                self._read()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._stack:
            try:
                with self._errors_told():
                    self._write_anew()
            except ResultsError:
                if kind is None:
                    raise

    @property
    def others(self) -> list[str]:
        """Submissions of earlier runs that are not among the names."""
        names = set(self._names)
        return [name for name in self._lines if name not in names]

    def __iter__(self) -> Iterator[str]:
        """Every submission that has a result, of this run or an earlier one."""
        return iter(list(self._lines))

    def line(self, name: str) -> Line | None:
        """The result of a submission that is in the file."""
        return self._lines.get(name)

    def has(self, name: str, submission_hash: str, grading_hash: str) -> bool:
        """Whether the same submission has been graded by the same graders."""
        line = self._lines.get(name)
        return line is not None and line.hashes == (submission_hash, grading_hash)

    def add(self, result: SubmissionResult) -> None:
        """Append one submission, and make sure that it is on the disk."""
        record = result.record()
        # A lone surrogate in a message becomes its JSON escape.
        content = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with self._errors_told():
            (self.folder / TABLE).unlink(missing_ok=True)  # from now on it would not agree
            start = self._file.seek(0, os.SEEK_END)
            try:
                written = 0
                while written < len(content):
                    written += self._file.write(content[written:])
                os.fsync(self._file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    self._file.truncate(start)
                raise
        self._lines.pop(result.submission, None)
        self._lines[result.submission] = _line(record, start, len(content))

    def drop(self, name: str) -> None:
        """Forget the result of a submission."""
        self._lines.pop(name, None)

    def _bytes(self, name: str) -> bytes:
        line = self._lines[name]
        return os.pread(self._file.fileno(), line.size, line.start)

    def _read(self) -> None:
        """Take note of what is there. A last line that a killed run has written half is cut off."""
        with self._path.open("rb") as file:
            for start, content, record in _lines_of(file):
                if record is not None:
                    self._lines.pop(record["submission"], None)
                    self._lines[record["submission"]] = _line(record, start, len(content))
                elif not content.endswith(b"\n"):
                    self._file.truncate(start)

    def _write_anew(self) -> None:
        """Both files, each as a whole: half of one is never seen, whenever this is stopped."""
        order = [*dict.fromkeys(name for name in self._names if name in self._lines), *self.others]
        end = 0
        for name in order:
            if self._lines[name].start != end:
                break
            end += self._lines[name].size
        if end != self._file.seek(0, os.SEEK_END):
            _replace(self._path, lambda file: file.writelines(map(self._bytes, order)))
        if order:
            _replace(self.folder / TABLE, lambda file: self._write_table(file, order))

    def _write_table(self, file: BinaryIO, order: list[str]) -> None:
        exercises = dict.fromkeys(exercise for name in order for exercise in self._lines[name].exercises)
        text = TextIOWrapper(file, encoding="utf-8", newline="")
        rows = csv.writer(text)
        rows.writerow(["submission", "points", "max_points", *exercises])
        for record in map(json.loads, map(self._bytes, order)):
            graded = record["exercises"]
            points = [graded[exercise]["points"] if exercise in graded else "" for exercise in exercises]
            total = record["points"]
            if record.get("problem") is not None and not total:
                total, points = "", [""] * len(points)  # nothing is known of it, which is not the same as 0
            rows.writerow([_no_formula(record["submission"]), total, record["max_points"], *points])
        text.detach()  # flushed, and left open

    @contextlib.contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ResultsError(
                f"{error.filename or self._path} cannot be written: {error.strerror}. Results that were written before "
                "are whole. Mend that and type the same command again: it goes on from there."
            ) from None


def read_records(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a run in their order, one a submission; also of a run that goes on, or was killed.

    ResultsError where there are none.
    """
    last: dict[str, int] = {}
    try:
        with (folder / RESULTS).open("rb") as file:
            for start, _, record in _lines_of(file):
                if record is not None:
                    last.pop(record["submission"], None)
                    last[record["submission"]] = start
            for start in last.values():
                file.seek(start)
                yield json.loads(file.readline())
    except OSError as error:
        raise ResultsError(f"{folder / RESULTS} cannot be read: {error.strerror}.") from None


def read_results(folder: Path) -> list[SubmissionResult]:
    """The results of a run, as `read_records`."""
    try:
        return [SubmissionResult.from_record(record) for record in read_records(folder)]
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(f"{folder / RESULTS} is damaged ({error}): run `backpass grade` again.") from None


def _lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes, dict[str, Any] | None]]:
    """Each line with where it starts, and its record; None where it is not one, as a half-written last line."""
    start = 0
    for number, content in enumerate(file, 1):
        record = _record(content) if content.endswith(b"\n") else None
        if record is not None:
            _check_total(record, number)
        yield start, content, record
        start += len(content)


def _record(content: bytes) -> dict[str, Any] | None:
    """The record of a line, None where it is not one."""
    try:
        record = json.loads(content)
    except ValueError:
        return None
    whole = isinstance(record, dict) and {"submission", "points", "max_points", "exercises"} <= record.keys()
    return record if whole else None


def _check_total(record: dict[str, Any], number: int) -> None:
    """ResultsError where the points of a record are not those of its exercises."""
    try:
        total = round(sum(each["points"] for each in record["exercises"].values()), 2)
    except (AttributeError, KeyError, TypeError):
        return  # whoever needs its exercises tells what is wrong with them
    if record["points"] != total:
        raise ResultsError(
            f"{RESULTS}, line {number}: {record['submission']} has {record['points']} points there, and its exercises "
            f"come to {total:g}. Marks are not changed in this file: delete the line and grade again, and write what "
            f"you change into adjustments.toml beside it."
        )


def _line(record: dict[str, Any], start: int, size: int) -> Line:
    return Line(
        start,
        size,
        (record.get("submission_hash", ""), record.get("grading_hash", "")),
        record["points"],
        Counter(result["status"] for result in record["exercises"].values()),
        tuple(map(sys.intern, record["exercises"])),
        record.get("problem"),
        tuple(record.get("notes", ())),
    )


def _no_formula(name: str) -> str:
    """A name that a spreadsheet takes for text, whatever it begins with."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Be the only run that writes to a folder, where its file system has locks."""
    import fcntl  # not on Windows, where nothing is graded

    descriptor = os.open(folder, os.O_RDONLY)
    until = time.monotonic() + _WAIT_FOR_THE_LOCK
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ResultsError(
                        f"Another `backpass grade` is writing to {folder}. Wait for it, or give --out another folder."
                    ) from None
                time.sleep(0.1)
            except OSError:
                break
        yield
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # also for forks of this process, which have the descriptor too
    finally:
        os.close(descriptor)


def _replace(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file as a whole: until it is on the disk the old one stays."""
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
