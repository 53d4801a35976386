"""Where a call ends that raises or takes too long, what the expression there is made of, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining import evidence, render
from backpass.explaining.blamed import Inspects, Place, place_of
from backpass.explaining.meanings import meaning
from backpass.worker.calls import Call, Raised

_MOST_ASKED = 12  # calls


@dataclass(frozen=True)
class Part:
    """An operand of the expression that raises: its text and its value."""

    text: str
    value: Any


@dataclass(frozen=True)
class Ending:
    """Where a call ended without an answer, and what the expression there is made of.

    `stopped`: it had to be stopped when looked at; what it would have raised, and where, was not seen. `hides`: of a
    call by a name that is no longer that of Python's function, that name, and the line since which. `made`: the call in
    another line that returned the pair of tensors which does not fit there.
    """

    place: Place
    parts: tuple[Part, ...]
    hides: tuple[str, int] | None = None
    stopped: bool = False
    made: Place | None = None

    @property
    def is_on_purpose(self) -> bool:
        """Whether the student's own check raises."""
        return self.place.expression.startswith(("raise ", "assert "))


def endings(calls: Sequence[Call], exercise: Exercise, inspects: Inspects) -> Iterator[tuple[int, Ending]]:
    """Where the student's program is when calls raise, or take too long, each with the position of its call."""
    lines = inspects.source(exercise.unit).split("\n")
    for position, call in enumerate(calls[:_MOST_ASKED]):
        found = inspects.ask("end", exercise.unit, exercise.name, [call], {})
        if not found:
            continue
        place = place_of(found, exercise.unit, inspects)
        try:
            parts = tuple(Part(_text(part, lines), part["value"]) for part in found["parts"][:4])
            hidden, line = str(found.get("hides")), int(found.get("since", 0))
        except (KeyError, TypeError, ValueError, IndexError):
            return
        hides = (hidden, line) if hidden.isidentifier() and line else None
        stopped = found.get("stopped") is True
        made = place_of(found.get("made"), exercise.unit, inspects)
        if place is not None:
            made = made if made is not None and made.line != place.line else None
            yield position, Ending(place, parts, hides, stopped, made)


def of_raising(raised: Raised, end: Ending, *, everywhere: bool) -> str:
    """What is raised where, and what it means."""
    text = " ".join(raised.text.split()).partition(", but expected one of:")[0].rstrip(".")
    what = raised.kind if everywhere else tr("{exception} for some inputs", exception=raised.kind)
    said = tr("Line {line} raises {exception}.", line=end.place.line, exception=f"{what}: {text}" if text else what)
    if end.hides is not None:
        hides = tr("`{name}` is not Python's function here, because line {line} gives its name to something else.")
        return f"{said} {hides.format(name=end.hides[0], line=end.hides[1])}"
    if end.is_on_purpose:
        own = tr("Your own check raises this, but these inputs are allowed and have an answer.")
        return f"{said} {own}"
    return f"{said} {meaning(raised, end.place.expression) or ''}".rstrip()


def of_no_end(raised: Raised, exercise: Exercise, end: Ending) -> str:
    """Where the program was when its time was up."""
    return tr(
        "`{name}` gave {no_answer}. When it was stopped, it was in line {line}: what ends the loop there?",
        name=exercise.name,
        no_answer=raised.text,
        line=end.place.line,
    )


def quoted(end: Ending) -> list[str]:
    """The line where it ended, with the operands; before it that of the call that returned a pair of tensors."""
    made = [*evidence.marked(end.made), ""] if end.made is not None else []
    return [*made, *evidence.marked(end.place), *of_parts(end.parts)]


def of_parts(parts: Sequence[Part]) -> list[str]:
    """A line for each operand: tensors by their shape, numbers as they are."""
    told = {part.text: _form(part.value) for part in parts if part.text and part.text != str(part.value)}
    width = max(map(len, told), default=0)
    return [f"{text:<{width}}  {form}" for text, form in told.items()]


def _form(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"{tuple(value.shape)} {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, list | tuple):
        return tr("a {type} of {count}", type=type(value).__name__, count=len(value))
    if isinstance(value, float | int):
        return f"{type(value).__name__} {value}"
    return render.value(value)[:60]


def _text(part: dict[str, Any], lines: Sequence[str]) -> str:
    line = lines[int(part["line"]) - 1]
    text = line[int(part["column"]) : int(part["end_column"])] if part["line"] == part["end_line"] else ""
    return text[:60] if text.isprintable() else ""
