"""Numbers that are written in a student's module, read as text: mistakes that speak of a number are tried with them."""

from __future__ import annotations

import re

_MOST = 40  # of those in a student's module, the ones that mistakes are tried with
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_POWER = re.compile(r"(?<![\w.])(2|10)(?:\.0?)?\s*\*\*\s*\(?-\s*(\d{1,2})(?![\w.])")  # 10**-8 and 2.0**-23


def numbers_in(source: str) -> tuple[float, ...] | None:
    """The numbers that a student's module has; None where that is not known, or more than is written."""
    if not source or "finfo" in source:
        return None
    written = {float(number) for number in _NUMBER.findall(source)}
    written |= {float(base) ** -int(power) for base, power in _POWER.findall(source)}
    return tuple(sorted(written)[:_MOST])
