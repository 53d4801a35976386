"""One function of a module as text: to find it, and to put its stub back."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from datetime import datetime
from pathlib import Path

from backpass.course.language import Texts
from backpass.course.manifest import Course, CourseError, Exercise

STUBS = "stub.py"  # in exercises/<unit>/: starter/<unit>.py as it was released
BACKUPS = "backups"
_TOP_LEVEL = re.compile(r"^(?:@|def |async def |class )", re.MULTILINE)


def function_text(source: str, name: str) -> tuple[int, int] | None:
    """Where the top-level function `name` stands in `source`, as (start, end), decorators included; None without one.

    It works on lines, so that a file with a syntax error somewhere has functions, too.
    """
    found = re.search(rf"^(?:@[^\n]*\n)*(?:async )?def {re.escape(name)}\b", source, re.MULTILINE)
    if found is None:
        return None
    following = _TOP_LEVEL.search(source, found.end())
    end = following.start() if following else len(source)
    return found.start(), end


def docstrings(source: str) -> list[tuple[str, ast.Constant]]:
    """The docstrings of a module of stubs by their ids: "stub" is the module's, "<name>.stub" a function's."""
    module = ast.parse(source)
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    found = []
    for id, body in (("stub", module.body), *((f"{each.name}.stub", each.body) for each in functions)):
        first = body[0] if body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            found.append((id, first.value))
    return found


def in_language(source: str, texts: Texts) -> str:
    """A module of stubs with its docstrings in the language that students are told things in."""
    lines = source.splitlines(keepends=True)
    for id, node in reversed(docstrings(source)):
        text = inspect.cleandoc(str(node.value))
        told = texts(id, text)
        if told == text or node.end_lineno is None:
            continue
        indent = " " * node.col_offset
        written = told.replace("\\", "\\\\").replace('"""', "'''")
        end = "\n" if "\n" in told else ""
        behind = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode()
        lines[node.lineno - 1 : node.end_lineno] = [textwrap.indent(f'"""{written}{end}"""', indent) + behind]
    return "".join(lines)


def line_of(file: Path, name: str) -> int:
    """The line on which the function `name` begins; 1 where there is none."""
    source = file.read_text(encoding="utf-8", errors="replace")
    where = function_text(source, name)
    return 1 if where is None else source.count("\n", 0, where[0]) + 1


def reset(course: Course, exercise: Exercise) -> Path:
    """Put the stub of an exercise back into `starter/`; the file where the old text is kept.

    A function that is no longer there is added at the end.
    """
    file = course.root / "starter" / f"{exercise.unit}.py"
    stubs = course.root / "exercises" / exercise.unit / STUBS
    if not stubs.is_file():
        raise CourseError(f"{stubs} is not here, and the stub of `{exercise.name}` with it: unpack the release again.")
    released = stubs.read_text(encoding="utf-8")
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(released, encoding="utf-8")
        return file
    where = function_text(released, exercise.name)
    if where is None:
        raise CourseError(f"{stubs} has no `{exercise.name}`.")
    stub = released[slice(*where)].rstrip() + "\n"
    source = file.read_text(encoding="utf-8", errors="surrogateescape")
    backup = _keep(course, exercise, source)
    place = function_text(source, exercise.name)
    if place is None:
        text = source.rstrip() + "\n\n\n" + stub
    else:
        behind = source[place[1] :]
        text = source[: place[0]] + stub + (f"\n\n{behind}" if behind else "")
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    return backup


def _keep(course: Course, exercise: Exercise, source: str) -> Path:
    folder = course.root / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")
    backup = folder / f"{exercise.unit}-before-{exercise.name}-{stamp}.py"
    backup.write_text(source, encoding="utf-8", errors="surrogateescape")
    return backup
