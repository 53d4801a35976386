"""The catalogue as functions with decorators: what units have that are not in `mistakes.toml` yet."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from backpass.explaining import mistakes
from backpass.explaining.mistakes import Catalogue, Mistake, Step, part_of
from backpass.judging.variants import Function, family

declared = Catalogue()


def known_mistakes(exercise: str) -> list[Mistake]:
    """The mistakes of `unit.name` that were declared so far, for a grader that asks about mistakes itself."""
    return declared.of(exercise)


def mistake(exercise: str, *, constants: tuple[float, ...] = ()) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        for wrong, tell in family(function, constants):
            declared.add(Mistake(exercise, function.__name__, tell, wrong, number=_number(wrong)))
        return function

    return declare


def _number(function: Any) -> float | None:
    return getattr(function, "keywords", {}).get("constant")


class Anatomy(mistakes.Anatomy):
    def __init__(self, exercise: str, *returns: str) -> None:
        super().__init__(exercise, {}, *returns)
        declared.anatomies[exercise] = self

    def step(self, function: Any) -> Any:
        if isinstance(function, Step):
            function = function.function
        words = " ".join((inspect.getdoc(function) or "").split())
        self.steps[function.__name__] = Step(function.__name__, function, words)
        return function

    quantity = step

    def mistake(
        self, *steps: str, constants: tuple[float, ...] = (), in_pairs: bool = True
    ) -> Callable[[Function], Function]:
        def declare(function: Function) -> Function:
            for member, tell in family(function, constants):
                replaced = {step: part_of(member, index, len(steps)) for index, step in enumerate(steps)}
                wrong = self.with_steps(replaced)
                declared.add(
                    Mistake(
                        *(self.exercise, function.__name__, tell, wrong, frozenset(steps), replaced),
                        number=_number(member),
                    )
                )
            return function

        return declare
