"""Other right answers: conventions that an exercise accepts, declared in `graders/<unit>/accepted.py`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from backpass.course.language import tr

Function = Callable[..., Any]


@dataclass(frozen=True)
class Variant:
    """Another right answer, of a convention that the exercise accepts; `note` names it."""

    exercise: str
    id: str
    note: str
    function: Function = field(compare=False)


_variants: dict[str, list[Variant]] = {}


def variants(exercise: str) -> list[Variant]:
    """The accepted variants of `unit.name` that were declared so far."""
    return _variants.get(exercise, [])


def accepted(exercise: str, *, constants: tuple[float, ...] = ()) -> Callable[[Function], Function]:
    """Declare another convention of `unit.name` that is right as well; its docstring names it.

    With `constants`, a family: the function's keyword `constant` takes each of them.
    """

    def declare(function: Function) -> Function:
        for right, note in family(function, constants):
            _variants.setdefault(exercise, []).append(Variant(exercise, function.__name__, note, right))
        return function

    return declare


def family(function: Function, constants: tuple[float, ...]) -> Iterator[tuple[Function, str]]:
    """`function` for each of `constants`, or as it is without any, with its docstring in one line."""
    tell = _tell(function)
    if not constants:
        yield function, tell
    for constant in constants:
        yield functools.partial(function, constant=constant), tell.replace("{constant}", f"{constant:g}")


def _tell(function: Function) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise ValueError(f"The function {function.__name__} has no docstring: what should a student be told of it?")
    told = " ".join(text.split())
    return tr(told)
