"""Many tests from one quiz: which question of several, which numbers, which order of the choices.

A question may `vary`: a list of tables, of which one gives the values of the names in its texts, `{n}` or, computed,
`{n * m:.1f}`. A question with `instead_of = "other"` is asked in the place of that one by some. Who gets what follows
from a seed, such as a name, and the number of the attempt: the next attempt has other numbers, the same one the same.
"""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Sequence
from typing import Any

Values = dict[str, Any]
_FIELD = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
_NAMES = {name: getattr(math, name) for name in ("ceil", "cos", "e", "erf", "exp", "floor", "log", "pi", "sqrt")}
_NAMES |= {"abs": abs, "max": max, "min": min, "round": round, "sum": sum, "len": len, "sorted": sorted}


def chosen(options: int, seed: str, attempt: int, *of: str) -> int:
    """Which of the options: the first without a seed; the next attempt has the next one."""
    return (_number(seed, *of) + attempt) % options if seed else 0


def shuffled(letters: Sequence[str], seed: str, attempt: int, *of: str) -> list[str]:
    """The letters in another order; as they are without a seed."""
    order = list(letters)
    if seed:
        random.Random(_number(seed, str(attempt), *of)).shuffle(order)
    return order


def filled(text: str, values: Values) -> str:
    """The text with the values of its fields; ValueError where one is no expression of them."""
    return _FIELD.sub(lambda field: _shown(computed(field[1], values), field[2]), text) if values else text


def computed(expression: str | float, values: Values) -> Any:
    """What an expression of the course's author comes to with these values; ValueError where it is none."""
    if not isinstance(expression, str):
        return expression
    try:
        return eval(expression, {"__builtins__": {}, **_NAMES, **values})
    except Exception as error:
        raise ValueError(f"{expression}: {error}") from None


def _shown(value: Any, form: str | None) -> str:
    if form is not None:
        return format(value, form)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _number(*of: str) -> int:
    return int.from_bytes(hashlib.blake2b("/".join(of).encode(), digest_size=6).digest())
