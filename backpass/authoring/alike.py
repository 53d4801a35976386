"""Slips that change nothing where an exercise is checked: a step has the value and the slopes that it should have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch

from backpass.explaining.mistakes import Anatomy, Mistake, needs_of
from backpass.judging.cases import Case, evaluate, tensors
from backpass.judging.comparison import differences
from backpass.judging.variants import Function
from backpass.worker.invoke import fresh
from backpass.worker.values import identical


@dataclass(frozen=True)
class RightSteps:
    """The steps of a right answer at one case, to try wrong ones beside them: the rest need not be computed again."""

    anatomy: Anatomy
    case: Case
    returns: tuple[str, ...]
    _slopes: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[str, Any] | None:
        """The inputs and the steps by name; none where they cannot be computed, as where an exception is asked for."""
        given = {name: fresh(value, "cpu") for name, value in self.case.inputs.items()}
        try:
            return self.anatomy.values(given)
        except Exception:
            return None

    @cached_property
    def are_fixed(self) -> bool:
        """Whether nothing is drawn or asked on the way, so that what was computed once is so again."""
        return not any(isinstance(each, torch.Generator) or callable(each) for each in (self.values or {}).values())

    def stay(self, slip: Mistake) -> bool:
        """Whether a slip answers this case as the right steps do; not said of what draws from a generator."""
        if self.values is None:
            return not differences(self.case, evaluate(slip.function, self.case), self.returns)
        try:
            return self.are_fixed and all(self._is_same(name, step) for name, step in slip.replaced.items())
        except Exception:
            return False

    def _is_same(self, name: str, step: Function) -> bool:
        assert self.values is not None
        if self.case.cotangent is None:
            return identical(step(**{needed: self.values[needed] for needed in needs_of(step)}), self.values[name])
        if name not in self._slopes:
            self._slopes[name] = self._with_slopes(self.anatomy.steps[name].function)
        return identical(self._with_slopes(step), self._slopes[name])

    def _with_slopes(self, step: Function) -> tuple[Any, dict[str, Any]]:
        assert self.values is not None
        given = {name: self.values[name] for name in needs_of(step)}
        leaves = {name: value.detach().requires_grad_() for name, value in given.items() if _is_floating(value)}
        value = step(**{**given, **leaves})
        outputs = [each for each in tensors(value) if each.requires_grad]
        if not outputs:
            return value, {}
        back = [_uneven(each) for each in outputs]
        slopes = torch.autograd.grad(outputs, [*leaves.values()], back, allow_unused=True)
        return value, {name: slope for name, slope in zip(leaves, slopes, strict=True) if slope is not None}


def change_nothing(slip: Mistake, everywhere: Sequence[RightSteps]) -> bool:
    """Whether a slip in a step answers all cases as the right steps do."""
    return bool(slip.replaced) and all(steps.stay(slip) for steps in everywhere)


def _is_floating(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _uneven(value: torch.Tensor) -> torch.Tensor:
    """A slope for every element, none like another."""
    return torch.linspace(0.7, 1.9, value.numel(), dtype=value.dtype).reshape(value.shape)
