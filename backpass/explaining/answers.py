"""What mistakes answer to the frozen cases: computed once, and of what is right in them nothing twice."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import torch

from backpass.explaining.mistakes import Anatomy, Built
from backpass.judging.cases import Case, evaluate, tensors
from backpass.judging.failures import Failure
from backpass.judging.variants import Function
from backpass.worker.calls import Answer
from backpass.worker.invoke import describe, fresh

_MOST_KEPT = 20_000  # numbers of an answer; a larger one is computed again


class Answers:
    """Keeps them for the run."""

    def __init__(self) -> None:
        self._known: dict[tuple[Hashable, int], dict[int, Answer]] = {}
        self._kept: dict[int, Any] = {}  # the objects whose id() is a key here must stay alive
        self._right: dict[tuple[str, int], tuple[Case, dict[str, Any] | None]] = {}

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
        if right is None or not isinstance(function, Built):
            return evaluate(function, case)
        try:
            return Answer(function.beside(right))
        except Exception as error:
            return Answer(None, describe(error, frozenset()))

    def _right_steps(self, anatomy: Anatomy, case: Case) -> dict[str, Any] | None:
        """The inputs and right steps by name; None where a call does more than compute, or they are large."""
        key = anatomy.exercise, id(case)
        if key not in self._right:
            self._right[key] = case, self._computed(anatomy, case)
        return self._right[key][1]

    @staticmethod
    def _computed(anatomy: Anatomy, case: Case) -> dict[str, Any] | None:
        is_plain = case.cotangent is None and case.times == 1 and case.statistics is None
        given = {name: fresh(value, "cpu") for name, value in case.inputs.items()} if is_plain else {}
        if not is_plain or any(isinstance(each, torch.Generator) or callable(each) for each in given.values()):
            return None
        try:
            right = anatomy.values(given)
        except Exception:  # one is asked for
            return None
        is_large = sum(each.numel() for each in tensors(right)) > _MOST_KEPT
        return None if is_large or any(isinstance(each, Iterator) for each in right.values()) else right
