"""What a grader is written with: `@check` on a plain pytest function that calls assertions.

    @check("losses.softmax", draw(moderate_logits), weight=4)
    def test_softmax_values(student, cases):
        agree(student, cases)

`pytest graders/ --submission DIR` runs it; so does `backpass grade`, which calls the function itself. What
exercises have in common is declared with `backpass.judging.kinds`, all checks of one at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from backpass.judging.cases import Draw, Example

Test = Callable[..., None]


@dataclass(frozen=True)
class Check:
    """One check of one exercise: a pytest function with its cases and its share of the points.

    `once_right`: the check says something about a right answer only (a do-nothing answer passes it), so it
    is run, and counts, when all other checks have passed. `corner`: in words, what hardly occurs and is all that the
    check looks at; a student is told that the rest is right.
    """

    exercise: str
    name: str
    function: Test
    sources: tuple[Draw | Example, ...]
    weight: float
    once_right: bool
    corner: str = ""


def check(
    exercise: str, *sources: Draw | Example, weight: float = 1.0, once_right: bool = False
) -> Callable[[Test], Test]:
    """Declare a test function as a check of `unit.name` on the cases of `sources`."""

    def declare(function: Test) -> Test:
        declared = Check(exercise, function.__name__, function, sources, weight, once_right)
        function.__check__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def test_of(checks: Iterable[Check]) -> Test:
    """One test function for several checks: pytest runs it once for each, which is the value of its fixture `check`."""

    def test(check: Check, student: Any, cases: Any, reference: Any) -> None:
        fixtures = {"student": student, "cases": cases, "reference": reference}
        check.function(**{name: fixtures[name] for name in inspect.signature(check.function).parameters})

    test.__checks__ = tuple(checks)  # type: ignore[attr-defined]
    return test


def declared_checks(module: Any) -> list[Check]:
    """The checks of a test module, in the order of the file."""
    functions = [value for name, value in vars(module).items() if name.startswith("test_")]
    return [declared for function in functions for declared in checks_of(function)]


def checks_of(function: Any) -> tuple[Check, ...]:
    """The checks that a test function stands for: none where it is no check."""
    single = getattr(function, "__check__", None)
    return (single,) if single is not None else getattr(function, "__checks__", ())
