"""What an explanation comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backpass.explaining.blamed import Place


@dataclass(frozen=True)
class Finding:
    """What a failed check comes to: the exercise's status, the mistake's id, and the whole message.

    `degree`: how much it says. "cause": a catalogued reason; "place": an expression and what it should be; "symptom".
    `place`: the expression, where one was found.
    """

    status: str
    mistake: str | None
    message: str
    degree: str = "symptom"
    place: Place | None = None


def message_of(tell: str, lines: Sequence[str]) -> str:
    """A text with what stands below it."""
    return "\n".join([tell, *([""] if lines else []), *(f"    {line}" for line in lines)])
