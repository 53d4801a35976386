"""Words for people."""

from __future__ import annotations

from collections.abc import Sequence

from backpass.course.language import tr


def listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: a, b and c."""
    *first, last = words
    return tr("{words} and {last}", words=", ".join(first), last=last) if first else last
