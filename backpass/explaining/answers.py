"""What mistakes answer to the frozen cases: computed once, and of what is right in them nothing twice."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from backpass.explaining.mistakes import DRAWS, Anatomy, Built
from backpass.judging.cases import Case, evaluate, tensors
from backpass.judging.failures import Failure
from backpass.judging.variants import Function
from backpass.worker.calls import Answer
from backpass.worker.invoke import describe, fresh

_MOST_KEPT = 20_000  # numbers of an answer; a larger one is computed again
_MOST_RIGHT = 100_000  # numbers in the right steps of a case


class Answers:
    """Keeps them for the run."""

    def __init__(self) -> None:
        self._known: dict[tuple[Hashable, int], dict[int, Answer]] = {}
        self._kept: dict[int, Any] = {}  # the objects whose id() is a key here must stay alive
        self._right: dict[tuple[str, int], tuple[Case, list[dict[str, Any]] | None]] = {}

    def of(self, function: Function, key: Hashable, failure: Failure) -> Callable[[int], Answer]:
        """The answers of a mistake to the cases of `failure`, computed when first asked for and then kept for the run.

        Without a key they are kept for this look alone: a class writes more numbers than a run can remember. Large ones
        are not kept.
        """
        known = {} if key is None else self._known.setdefault((key, id(failure.cases)), {})
        self._kept[id(failure.cases)] = failure.cases

        def answer(index: int) -> Answer:
            if index in known:
                return known[index]
            with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
                found = self._answer(function, failure.cases[index])
            if sum(each.numel() for each in tensors(found.value)) <= _MOST_KEPT:
                known[index] = found
            return found

        return answer

    def _answer(self, function: Function, case: Case) -> Answer:
        """The answer of a mistake to a case: what is right of it is computed once for all."""
        right = self._right_steps(function.anatomy, case) if isinstance(function, Built) else None
        if right is None or not isinstance(function, Built) or not function.draws_what_is_right:
            return evaluate(function, case)
        try:
            values = [function.beside(steps) for steps in right]
        except Exception as error:
            return Answer(None, describe(error, frozenset()))
        return Answer(values if case.times > 1 else values[0])

    def _right_steps(self, anatomy: Anatomy, case: Case) -> list[dict[str, Any]] | None:
        """The inputs and right steps of each call; None where calls do more than compute, or much is to be kept."""
        key = anatomy.exercise, id(case)
        if key not in self._right:
            self._right[key] = case, _computed(anatomy, case)
        return self._right[key][1]


def _computed(anatomy: Anatomy, case: Case) -> list[dict[str, Any]] | None:
    if case.cotangent is not None or any(callable(each) for each in case.inputs.values()):
        return None
    given = {name: fresh(value, "cpu") for name, value in case.inputs.items()}
    right: list[dict[str, Any]] = []
    size = 0
    for _ in range(case.times):
        try:
            right.append(anatomy.values(given))
        except Exception:  # one is asked for
            return None
        size += sum(each.numel() for each in tensors(right[-1]))
        # What is iterated over is used up; what a function draws is not seen.
        is_used_up = any(isinstance(each, Iterator) for each in right[-1].values())
        if size > _MOST_RIGHT or is_used_up or (DRAWS in given and any(map(callable, right[-1].values()))):
            return None
    return right
