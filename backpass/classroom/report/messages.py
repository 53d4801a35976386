"""Messages of results, as they stand on a page: sentences and cases, all of it escaped."""

from __future__ import annotations

import re
from typing import NamedTuple

from markupsafe import Markup, escape

# What the diagnosis puts in front of a mistake's own text: the outputs that are right, and how sure it is.
_OUTPUTS = re.compile(r"^[^.]* (?:is|are) right; [^.]* (?:is|are) not\. ")
_MOSTLY = re.compile(r"^Most of your wrong answers, but not all, are explained by this mistake: ")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z`(])")
_LINE = re.compile(r"\b(line|Line|Zeile) \d+")
_NO_IMPORT = re.compile(r"^(\w+)\.py does not import: ")


class Block(NamedTuple):
    """A part of a message: a paragraph, or lines that are shown as they are."""

    is_code: bool
    text: str


def blocks(message: str) -> list[Block]:
    """The parts of a message. Lines that begin with four spaces are a case or code, as in the terminal."""
    found: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", message.strip("\n")):
        for number, line in enumerate(part.split("\n")):
            is_code = line.startswith("    ")
            text = line[4:] if is_code else line.strip()
            if found and found[-1].is_code and is_code:
                gap = "\n" if number else "\n\n"  # between the student's line and the case
                found[-1] = Block(True, f"{found[-1].text}{gap}{text}")
            elif text:
                found.append(Block(is_code, text))
    return found


def prose(text: str) -> Markup:
    """A paragraph with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))


def without_line(sentence: str) -> str:
    """A sentence on one student's line as one on those of several."""
    return _LINE.sub(r"\1 ...", sentence)


def first_sentence(message: str) -> str:
    """What the mistake is, in one sentence: without what is said of the single submission before it."""
    lines = message.strip().split("\n")
    text = lines[1].removeprefix("- ") if lines[1:] and lines[1].startswith("- ") else lines[0]  # of two the first
    text = _MOSTLY.sub("", _OUTPUTS.sub("", text, count=1), count=1)
    return _SENTENCE_ENDS.split(text, maxsplit=1)[0]


def is_hedged(message: str) -> bool:
    """Whether the mistake explains only most of the wrong answers, or is one of several: no good example."""
    return bool(_MOSTLY.search(_OUTPUTS.sub("", message, count=1))) or "\n- " in message


def unit_that_does_not_import(message: str) -> str | None:
    """The unit, where the message is about its whole module, and so the same for each of its exercises."""
    found = _NO_IMPORT.match(message)
    return found.group(1) if found else None
