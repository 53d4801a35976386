"""The pieces that an exercise is made of: where each is written, and what is still to do in it.

All of it is found in the text, because what is unfinished need not load.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backpass.course.manifest import MANIFEST, Exercise
from backpass.course.stubs import function_text
from backpass.explaining.rows import FILE

Lines = tuple[int, int]  # the first, counted from 0, and the one behind the last

_TODO = re.compile(r"\bTODO\b:?\s*")


@dataclass(frozen=True)
class Gap:
    """What is missing or wrong in an exercise, and where; `todo`: a TODO says so."""

    file: Path
    line: int
    what: str
    todo: bool = False

    def told(self, root: Path) -> str:
        """As `file:line: what`, seen from the course's folder."""
        file = self.file.relative_to(root) if self.file.is_relative_to(root) else self.file
        return f"{file}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Piece:
    """One piece of every exercise; `find(text, unit, name)` gives its lines in the text of its file."""

    what: str
    path: str
    find: Callable[[str, str, str], list[Lines]]

    def file(self, root: Path, unit: str) -> Path:
        """The file of the piece, in a unit of the course in `root`."""
        return root / self.path.format(unit=unit)

    def text(self, root: Path, exercise: Exercise) -> str:
        """The lines of the piece."""
        text = self.file(root, exercise.unit).read_text(encoding="utf-8")
        lines = text.splitlines()
        found = self.find(text, exercise.unit, exercise.name)
        return "\n".join(line for start, end in found for line in lines[start:end])

    def gap(self, root: Path, exercise: Exercise, what: str) -> Gap:
        """What is wrong with the piece as a whole, at its first line."""
        file = self.file(root, exercise.unit)
        found = self.find(file.read_text(encoding="utf-8"), exercise.unit, exercise.name)
        return Gap(file, found[0][0] + 1 if found else 1, what)


def gaps(root: Path, exercise: Exercise) -> Iterator[Gap]:
    """What an exercise of the course in `root` lacks: a piece, or what a TODO in it says."""
    for piece in PIECES:
        file = piece.file(root, exercise.unit)
        if not file.is_file():
            yield Gap(file, 1, f"the file is missing, and with it {piece.what}")
            continue
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        try:
            found = piece.find(text, exercise.unit, exercise.name)
        except SyntaxError as error:
            yield Gap(file, error.lineno or 1, f"{error.msg}: {(error.text or '').strip()}")
            continue
        if not found:
            yield Gap(file, len(lines), f"there is no {piece.what} of {exercise.name}")
        for number in (number for start, end in found for number in range(start, end)):
            if _TODO.search(lines[number]):
                yield Gap(file, number + 1, _TODO.sub("", lines[number]).strip(" #\"',."), todo=True)


def entries(text: str, unit: str) -> Iterator[tuple[str, Lines]]:
    """The tables of a unit in the manifest, by their names: its own first, then those of its exercises."""
    lines, at = text.splitlines(), ""
    for header, start, end in tables(lines):
        named = re.search(r'^name\s*=\s*"(.*?)"', "\n".join(lines[start:end]), re.MULTILINE)
        name = named[1] if named else ""
        if header == "units":
            at = name
        if header in ("units", "units.exercises") and at == unit:
            yield name, (start, end)


def _entry(text: str, unit: str, name: str) -> list[Lines]:
    return [lines for found, lines in list(entries(text, unit))[1:] if found == name]


def _function(text: str, unit: str, name: str) -> list[Lines]:
    where = function_text(text, name)
    if where is None:
        return []
    return [(text.count("\n", 0, where[0]), text[: where[1]].rstrip().count("\n") + 1)]


def _checks(text: str, unit: str, name: str) -> list[Lines]:
    """The statements that name the exercise, or draw the inputs of a new one, each with the comment above it."""
    wanted = {f"{unit}.{name}", f"inputs_of_{name}"}
    return [lines for lines, names in _statements(text) if wanted & names]


@functools.cache
def _statements(text: str) -> list[tuple[Lines, set[str]]]:
    """The statements of a module, each with its name and the texts in it."""
    lines, found = text.splitlines(), []
    for statement in ast.parse(text).body:
        names = {
            node.value for node in ast.walk(statement) if isinstance(node, ast.Constant) and type(node.value) is str
        }
        first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
        where = _with_comment(lines, first - 1), statement.end_lineno or first
        found.append((where, names | {getattr(statement, "name", "")}))
    return found


def _rows(text: str, unit: str, name: str) -> list[Lines]:
    found = tables(text.splitlines())
    return [(start, end) for header, start, end in found if header.partition(".")[0] == name]


def tables(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """The tables of a TOML file, by what stands in their brackets, each with the comment above it."""
    matches = [(number, re.match(r"\[+([^][]+)\]", line)) for number, line in enumerate(lines)]
    headers = [(number, match[1]) for number, match in matches if match]
    starts = [_with_comment(lines, number) for number, _ in headers]
    for (_, header), start, end in zip(headers, starts, [*starts, len(lines)][1:], strict=True):
        while not lines[end - 1].strip():
            end -= 1
        yield header, start, end


def _with_comment(lines: list[str], start: int) -> int:
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return start


ENTRY = Piece("entry", MANIFEST, _entry)
STUB = Piece("stub", "starter/{unit}.py", _function)
SOLUTION = Piece("solution", "solutions/{unit}.py", _function)
EXAMPLES = Piece("public example", "exercises/{unit}/test_{unit}.py", _checks)
CHECKS = Piece("hidden check", "graders/{unit}/test_{unit}.py", _checks)
ROWS = Piece("step and mistake", f"graders/{{unit}}/{FILE}", _rows)
PIECES = (ENTRY, STUB, SOLUTION, EXAMPLES, CHECKS, ROWS)
