"""Texts for a screen: as wide as it is, and without what would drive it."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable

# CSI, OSC and the other strings, and two-character escapes, also without their end.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
    r"|\x1b."
)
_MARKS = re.compile(r" *\^+")
_PLACE = re.compile(r"^( {4,})(\w+)\.py:(\d+):(.*)(?:\n( *\^+)$)?", re.MULTILINE)  # and what is marked in that line


def printable(text: str) -> str:
    """`text` of a stranger without control characters and terminal sequences; lines and tabs stay.

    A sequence that is cut off at the end is left out too, so what is printable of a beginning begins what is printable
    of the whole.
    """
    text = _SEQUENCE.sub("", text.replace("\r\n", "\n"))
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each)[0] != "C")


def first_lines(printed: str, most: int = 12) -> str:
    """What code printed, as far as anybody reads it."""
    lines = printed.rstrip("\n").split("\n")
    return "\n".join(lines[:most] + ([f"... and {len(lines) - most} lines more"] if len(lines) > most else []))


def with_paths(message: str, file: Callable[[str], str]) -> str:
    """`message` where its places are in files that are called so, as editors make links of them."""

    def place(found: re.Match[str]) -> str:
        indent, unit, line, code, marks = found.groups()
        path = file(unit)
        more = " " * (len(path) - len(f"{unit}.py")) if code else ""
        return f"{indent}{path}:{line}:{code}" + (f"\n{more}{marks}" if marks else "")

    return _PLACE.sub(place, message)


def fitted(text: str, width: int) -> str:
    """A message for a screen: sentences break between words, and code that is marked is cut around the mark."""
    lines = text.split("\n")
    told = []
    for number, line in enumerate(lines):
        marks = lines[number + 1] if number + 1 < len(lines) else ""
        if _MARKS.fullmatch(marks) and max(len(line), len(marks)) > width:
            indent = len(line) - len(line.lstrip())
            cut = max(0, min(len(marks) - len(marks.lstrip()) - 12, len(marks) + 6 - width) - indent)
            lines[number + 1] = (marks[: indent + 4] + marks[indent + 4 + cut :])[:width]
            line = (line[:indent] + ("... " if cut else line[indent : indent + 4]) + line[indent + 4 + cut :])[:width]
            told.append(line)
        elif len(line) <= width or _MARKS.fullmatch(line):
            told.append(line)
        else:
            margin = line[: len(line) - len(line.lstrip())]
            deeper = f"{margin}# " if line.lstrip().startswith("# ") else 2 * margin
            told += textwrap.wrap(line, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False)
    return "\n".join(told)
