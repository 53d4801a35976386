"""A student's function as it stands on a page, with the expression that is to blame marked.

The file is a stranger's: it is read by its lines, as a parser might not survive it, and all of it is escaped.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from backpass.judging.result import ExerciseResult

LONGEST = 20_000  # characters of a function that is shown; the longest solution of the course has 2,000
_DEFINITION = re.compile(r"(?:async +)?def\b|class\b")
# A line that does not end the function above it: indented, the end of a signature, commented out, or empty.
_GOES_ON = re.compile(r"[\s)\]}#]|$")
_BETWEEN = re.compile(r"#|$")


class CodeLine(NamedTuple):
    """A line of a file, in three parts: what is marked, and what is before and after it."""

    number: int
    before: str
    marked: str
    after: str


def function_of(source: bytes, name: str, result: ExerciseResult) -> list[CodeLine]:
    """The top-level function, or other statement, that the marked expression of a result is in; else the one `name`.

    Nothing for a stub, without such a function, where the file has another text at the marked place (it is not the one
    that was graded), and where it is longer than anybody reads.
    """
    lines = _lines(source)
    line, column, end_line, end_column = result.line, result.column, result.end_line, result.end_column
    if line is None or column is None or end_line is None or end_column is None:
        line = end_line = _definition(lines, name)
        column = end_column = LONGEST  # behind its end: nothing is marked
    elif not lines[line - 1 : line] or not lines[line - 1].startswith(result.expression or "", column):
        return []
    if result.status == "todo" or not 1 <= line <= end_line <= len(lines):
        return []
    first, last = _around(lines, line, end_line)
    if sum(map(len, lines[first - 1 : last])) > LONGEST:
        return []

    def in_parts(number: int) -> CodeLine:
        text = lines[number - 1]
        if not line <= number <= end_line:
            return CodeLine(number, text, "", "")
        start = column if number == line else len(text) - len(text.lstrip())
        end = end_column if number == end_line else len(text)
        return CodeLine(number, text[:start], text[start:end], text[end:])

    return [in_parts(number) for number in range(first, last + 1)]


def _definition(lines: Sequence[str], name: str) -> int:
    """The line in which a function begins, the last one of that name, as in Python; 0 where there is none."""
    begins = re.compile(rf"(?:async +)?def +{name}\b|{name} *[=:]")
    return next((number for number in range(len(lines), 0, -1) if begins.match(lines[number - 1])), 0)


def code_html(lines: Sequence[CodeLine], anchor: str, cleaned: Callable[[str], str] = str) -> Markup:
    """The lines with their numbers. `anchor`: the id of the first mark; `cleaned`: what may be displayed of a text."""
    width = len(str(lines[-1].number))
    first = next((line.number for line in lines if line.marked), None)
    rows = []
    for number, *parts in lines:
        before, marked, after = map(cleaned, parts)
        id = Markup(' id="{}"').format(anchor) if number == first else ""
        mark = Markup("<mark{}>{}</mark>").format(id, marked) if marked else ""
        margin = Markup('<span class="number-of-line">{}</span>  ').format(f"{number:>{width}}")
        rows.append(margin + before + mark + after)
    # It scrolls, so it takes the focus: without a mouse there would be no way to read on.
    return Markup('<pre class="source" tabindex="0"><code>{}</code></pre>').format(Markup("\n").join(rows))


def _lines(source: bytes) -> list[str]:
    """The lines of a module, as Python counts them."""
    try:
        text = importlib.util.decode_source(source)
    except (SyntaxError, UnicodeDecodeError):
        return []  # what Python cannot decode was not run, and nothing is marked there
    return [line.rstrip() for line in text.split("\n")]


def _around(lines: Sequence[str], line: int, end_line: int) -> tuple[int, int]:
    """The first and the last line of the function or statement that a place is in."""
    first, last = line, end_line
    if _GOES_ON.match(lines[line - 1]):
        while first > 1 and not _DEFINITION.match(lines[first - 1]):
            first -= 1
    elif not _DEFINITION.match(lines[line - 1]):
        return line, end_line
    while first > 1 and lines[first - 2].startswith("@"):
        first -= 1
    while last < len(lines) and _GOES_ON.match(lines[last]):
        last += 1
    while last > end_line and _BETWEEN.match(lines[last - 1]):
        last -= 1
    return first, last
