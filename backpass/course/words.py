"""Words for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from backpass.course.language import tr


def listed(words: Sequence[str]) -> str:
    """The words as a sentence lists them: a, b and c."""
    *first, last = words
    return tr("{words} and {last}", words=", ".join(first), last=last) if first else last


def plain_text(text: str, limit: int) -> str:
    """A stranger's text as one that is safe to display: cut to `limit`, without control characters but line ends."""
    if len(text) <= limit and text.isprintable():
        return text
    spaced = text[:limit].replace("\r\n", "\n").expandtabs()[:limit]
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in spaced)


def same(name: str) -> str:
    """What is equal in names that are the same: not their case, their spaces, or how an accent is encoded."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def moment(text: str) -> datetime | None:
    """When something was, as other systems write it; None where it is none of their forms.

    ISO 8601, also with spaces in it and with UTC behind (GitHub, Gradescope); "Monday, 12 October 2026, 9:05 PM"
    (Moodle), which says nothing of its time zone.
    """
    plain = " ".join(text.split())
    with suppress(ValueError):
        return datetime.fromisoformat(re.sub(r" ?(?:Z|UTC)$", "+00:00", re.sub(r" ([+-]\d\d:?\d\d)$", r"\1", plain)))
    for form in ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M"):
        with suppress(ValueError):
            return datetime.strptime(plain, form)
    return None
