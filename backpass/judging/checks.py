"""What a grader is written with: `@check` on a plain pytest function that calls assertions.

    @check("losses.softmax", draw(moderate_logits), weight=4)
    def test_softmax_values(student, cases):
        agree(student, cases)

`pytest graders/ --submission DIR` runs it; so does `backpass grade`, which calls the function itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backpass.judging.cases import Draw, Example


@dataclass(frozen=True)
class Check:
    """One check of one exercise: a pytest function with its cases and its share of the points.

    `once_right`: the check says something about a right answer only (a do-nothing answer passes it), so it
    is run, and counts, when all other checks have passed.
    """

    exercise: str
    name: str
    function: Callable[..., None]
    sources: tuple[Draw | Example, ...]
    weight: float
    once_right: bool


def check(
    exercise: str, *sources: Draw | Example, weight: float = 1.0, once_right: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a test function as a check of `unit.name` on the cases of `sources`."""

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        declared = Check(exercise, function.__name__, function, sources, weight, once_right)
        function.__check__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def declared_checks(module: Any) -> list[Check]:
    """The checks of a test module, in the order of the file."""
    functions = [value for name, value in vars(module).items() if name.startswith("test_")]
    return [declared for each in functions if isinstance(declared := getattr(each, "__check__", None), Check)]
