"""Messages as Markdown (CommonMark and GitHub's), for pages that render it.

A message is prose with `code` in backticks, and a case in lines that are indented by four spaces: in Markdown a
block of code. Parts of it may be a submission's own words, which must not become links, pictures or headings.
"""

from __future__ import annotations

import re

from backpass.classroom.results import SubmissionResult

_CODE = re.compile(r"(`[^`\\\n]+`)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&$@:=^])")
_NUMBERED = re.compile(r"^(\d+)([.)])", re.MULTILINE)
# What ends a line for some readers of Markdown, beside \n; and characters that no page can display.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def message(text: str) -> str:
    """A message to a student as Markdown that displays its words, whatever they are."""
    blocks = []
    for block in re.split(r"\n[^\S\n]*\n", text.strip("\n")):
        lines = [_CONTROL.sub(" ", line) for line in block.split("\n") if line.strip()]
        if lines and all(line.startswith("    ") for line in lines):
            blocks.append("\n".join(lines))
        elif lines:
            blocks.append(plain("\n".join(line.strip() for line in lines)))
    return "\n\n".join(blocks)


def plain(text: str) -> str:
    """`text` with nothing in it that Markdown would act upon, but for `code` in backticks."""
    # Every second part is code; a backtick without a partner is in the others, and is escaped there.
    parts = _CODE.split(_CONTROL.sub(" ", text))
    parts[::2] = [_SPECIAL.sub(r"\\\1", part) for part in parts[::2]]
    return _NUMBERED.sub(r"\1\\\2", "".join(parts))


def cell(text: str) -> str:
    """`text` for one cell of a table: without code, as a bar would end the cell also in there."""
    return _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text.replace("\n", " ")))


def headline(result: SubmissionResult) -> str:
    """What became of a submission in one line: points, and how many exercises are in which state."""
    counts = {name: sum(each.status == name for each in result.exercises.values()) for name in ("passed", "todo")}
    wrong = len(result.exercises) - counts["passed"] - counts["todo"]
    return (
        f"**{result.points:g} of {result.max_points:g} points**: {counts['passed']} passed, {wrong} wrong, "
        f"{counts['todo']} not started."
    )
