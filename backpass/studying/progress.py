"""What a student has done so far: one readable file in their own folder, `progress.toml`.

It may be edited by hand, and it may have been written by a newer kit: what is not understood is left as it is.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from backpass.course.manifest import Course, Exercise

FILE = "progress.toml"
_HEAD = "What you have done so far. You may edit this file; delete it to start afresh."
# "public": all public checks pass, and the hidden graders, which this edition has, have not been asked.
DONE, PUBLIC, WRONG = "done", "public", "wrong"
STATES = {"passed": DONE, "todo": None} | dict.fromkeys(("failed", "crashed", "timeout", "shortcut"), WRONG)


class Progress:
    """The file of a course's folder. Every change is written at once, and whole: a kill leaves the old file or the new.

    `notice`: what is to be told of a file that could not be read, and was put aside.
    """

    def __init__(self, course: Course) -> None:
        self.path = course.root / FILE
        self.notice: str | None = None
        self._course = course

    def state(self, exercise: str) -> str | None:
        """ "done", "public" or "wrong", as of the last time that the exercise was judged; None before."""
        state = self._table("exercises").get(exercise)
        return state if state in (DONE, PUBLIC, WRONG) else None

    @property
    def current(self) -> Exercise | None:
        """The exercise where one was last, or the next after it that is not done; None when all are."""
        last = self._course.exercises.get(str(self._table("last").get("exercise")))
        return last if last is not None and self.state(last.id) != DONE else self.next_open(last)

    def next_open(self, after: Exercise | None) -> Exercise | None:
        """The next exercise that is not done, after a given one and then from the start."""
        exercises = list(self._course.exercises.values())
        start = exercises.index(after) + 1 if after is not None else 0
        order = exercises[start:] + exercises[:start]
        return next((each for each in order if self.state(each.id) != DONE and each != after), None)

    def go_to(self, exercise: Exercise) -> None:
        """Write down where one is."""
        if self._table("last").get("exercise") != exercise.id:
            document = self._read()
            _table_of(document, "last")["exercise"] = exercise.id
            self._write(document)

    def record_public(self, states: dict[str, str | None]) -> None:
        """Write down what public checks say. Where there are hidden graders, only they say that an exercise is done."""
        if (self._course.root / "graders").is_dir():
            states = {
                exercise: PUBLIC if state == DONE and self.state(exercise) != DONE else state
                for exercise, state in states.items()
            }
        self.record(states)

    def record(self, states: dict[str, str | None]) -> None:
        """Write down what became of exercises; None for one that is a stub again."""
        if all(self.state(exercise) == state for exercise, state in states.items()):
            return
        document = self._read()
        table = _table_of(document, "exercises")
        for exercise, state in states.items():
            if state is None:
                table.pop(exercise, None)
            else:
                table[exercise] = state
        self._write(document)

    def hints(self, exercise: str) -> int:
        """How many hints have been shown."""
        number = self._table("hints").get(exercise, 0)
        return number if isinstance(number, int) and number > 0 else 0

    def take_hint(self, exercise: str) -> int:
        """Count one more hint; the number of hints shown with it."""
        document, taken = self._read(), self.hints(exercise) + 1
        _table_of(document, "hints")[exercise] = taken
        self._write(document)
        return taken

    def score(self, quiz: str) -> float | None:
        """The best score of a quiz, from 0 to 1; None where it was not taken."""
        share = self._table("quizzes").get(quiz)
        return float(share) if isinstance(share, int | float) else None

    def attempts(self, quiz: str) -> int:
        """How often a quiz was taken to its end."""
        number = self._table("attempts").get(quiz, 0)
        return number if isinstance(number, int) and number > 0 else 0

    def record_score(self, quiz: str, share: float) -> None:
        """Count an attempt at a quiz, and write down its score where it is the best so far."""
        document = self._read()
        _table_of(document, "attempts")[quiz] = self.attempts(quiz) + 1
        _table_of(document, "quizzes")[quiz] = round(max(share, self.score(quiz) or 0.0), 3)
        self._write(document)

    def lab_points(self, unit: str) -> float | None:
        """The points of a lab, as marked by the student; None where it was not marked."""
        points = self._table("labs").get(unit)
        return float(points) if isinstance(points, int | float) else None

    def record_lab(self, unit: str, points: float) -> None:
        """Write down the points of a lab; the last marks count."""
        document = self._read()
        _table_of(document, "labs")[unit] = points
        self._write(document)

    def _table(self, name: str) -> dict[str, Any]:
        table = self._read().get(name, {})
        return table if isinstance(table, dict) else {}

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return _new_document()
        except (TOMLKitError, UnicodeDecodeError) as error:
            aside = _free_name(self.path.with_suffix(".toml.unreadable"))
            self.path.rename(aside)
            self.notice = f"{FILE} could not be read ({error}). It is now {aside.name}, and a new one was begun."
            return _new_document()

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{FILE}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(tomlkit.dumps(document))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _new_document() -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    return document


def _table_of(document: tomlkit.TOMLDocument, name: str) -> Any:
    if not isinstance(document.get(name), dict):
        document[name] = tomlkit.table()
    return document[name]


def _free_name(path: Path) -> Path:
    """`path`, with a number behind it where that name is taken."""
    candidates = (path if number == 0 else path.with_name(f"{path.name}.{number}") for number in range(10_000))
    return next(candidate for candidate in candidates if not candidate.exists())
