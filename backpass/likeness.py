"""When are two wrong answers the same answer? One with one, and one with the answers of a whole catalogue."""

from __future__ import annotations

from typing import Any

import torch

from backpass.worker.invoke import NO_GRADIENT

CHANCE = 1.5  # two random answers may be further apart than one from the theory


def close(mine: Any, theirs: Any, tolerance: Any, random: bool, dtype: torch.dtype | None) -> bool:
    """Equal up to rounding at the size of the answers themselves, or for random ones up to chance."""
    if isinstance(theirs, list | tuple):
        if not isinstance(mine, list | tuple) or len(mine) != len(theirs):
            return False
        inner = tolerance if isinstance(tolerance, list) and len(tolerance) == len(mine) else [0.0] * len(mine)
        return all(close(a, b, c, random, dtype) for a, b, c in zip(mine, theirs, inner, strict=True))
    if isinstance(theirs, dict):
        if not isinstance(mine, dict) or mine.keys() != theirs.keys():
            return False
        inner_by_key = tolerance if isinstance(tolerance, dict) else dict.fromkeys(mine, 0.0)
        return all(close(mine[key], theirs[key], inner_by_key[key], random, dtype) for key in mine)
    if random and isinstance(mine, float) and isinstance(theirs, float) and isinstance(tolerance, float):
        return bool(abs(mine - theirs) <= CHANCE * tolerance) or (mine != mine and theirs != theirs)  # or both NaN
    if isinstance(mine, dict):
        return False
    # What an output does not depend on has the gradient 0, whether autograd says so or says nothing.
    if isinstance(mine, str) and mine == NO_GRADIENT and isinstance(theirs, torch.Tensor):
        mine = torch.zeros_like(theirs)
    if isinstance(theirs, str) and theirs == NO_GRADIENT and isinstance(mine, torch.Tensor):
        theirs = torch.zeros_like(mine)
    if isinstance(mine, str) or isinstance(theirs, str) or mine is None or theirs is None:
        return (mine is None) if theirs is None else bool(mine == theirs)
    try:
        a, b = _tensor(mine), _tensor(theirs)
    except (TypeError, ValueError, RuntimeError):
        return False
    if a.shape != b.shape or a.is_complex() or b.is_complex() or _kind(a) != _kind(b):
        return False
    return bool(_within(a.double(), b.double(), _bound(theirs, b, tolerance, dtype)).all())


def _kind(tensor: torch.Tensor) -> str:
    """Truth values, whole numbers and floats are not like one another, whatever their values."""
    return "bool" if tensor.dtype == torch.bool else "float" if tensor.is_floating_point() else "int"


def _within(a: torch.Tensor, b: torch.Tensor, bound: torch.Tensor) -> torch.Tensor:
    return (a == b) | (a.isnan() & b.isnan()) | ((a - b).abs() <= bound)


def _bound(answer: Any, value: torch.Tensor, tolerance: Any, dtype: torch.dtype | None) -> torch.Tensor:
    """How far another answer may be from `answer`, whose numbers are `value`, element by element.

    A rounding at its size, or what the case allows.
    """
    # A Python float may have been computed in float32: it is as exact as the inputs that it comes from.
    kind = dtype if isinstance(answer, float) and dtype is not None else value.dtype
    epsilon = torch.finfo(kind).eps if kind.is_floating_point else 0.0
    value = value.double()
    size = torch.where(value.isfinite(), value.abs(), torch.zeros_like(value))
    bound = (1000 * epsilon * size.amax() if value.numel() else size).expand_as(value)
    if isinstance(tolerance, torch.Tensor) and tolerance.shape == value.shape:
        bound = torch.maximum(bound, 4 * tolerance.nan_to_num(posinf=0.0))
    elif isinstance(answer, float) and isinstance(tolerance, float):
        bound = bound.clamp(min=4 * tolerance)
    return bound


def _tensor(value: Any) -> torch.Tensor:
    number = isinstance(value, float) or type(value) is int  # in Python they are like one another, in torch not
    return torch.as_tensor(value, dtype=torch.float64) if number else torch.as_tensor(value)


class Table:
    """The answers of many functions to one case, ready to be compared with another answer all at once.

    `tolerance`, `random` and `dtype` are the case's; an answer of None (also of a function that raises) is like
    no other.
    """

    def __init__(self, values: list[Any], tolerance: Any, *, random: bool, dtype: torch.dtype | None) -> None:
        self._random = random
        self._dtype = dtype
        by_form: dict[Any, list[tuple[int, torch.Tensor, torch.Tensor]]] = {}
        for position, value in enumerate(values):
            numbers: list[torch.Tensor] = []
            bounds: list[torch.Tensor] = []
            form = self._flatten(value, tolerance, numbers, bounds)
            if value is not None and form is not None:
                row = (position, _joined(numbers), _joined(bounds))
                by_form.setdefault(form, []).append(row)
        self._groups = {}
        for form, rows in by_form.items():
            positions, numbers_of, bounds_of = zip(*rows, strict=True)
            self._groups[form] = positions, torch.stack(numbers_of), torch.stack(bounds_of)

    def like(self, value: Any) -> list[int]:
        """The positions of the answers that `close` may find to be the same as `value`, in order."""
        numbers: list[torch.Tensor] = []
        group = self._groups.get(self._flatten(value, 0.0, numbers, []))
        if group is None:
            return []
        positions, rows, bounds = group
        found: list[int] = _within(_joined(numbers), rows, bounds).all(1).nonzero().reshape(-1).tolist()
        return [positions[row] for row in found]

    def _flatten(self, value: Any, tolerance: Any, numbers: list[torch.Tensor], bounds: list[torch.Tensor]) -> Any:
        """The form of a value (None where it has none), with its numbers and their bounds appended to the lists."""
        if isinstance(value, list | tuple):
            fits = isinstance(tolerance, list) and len(tolerance) == len(value)
            inner = tolerance if fits else [0.0] * len(value)
            forms = [self._flatten(item, part, numbers, bounds) for item, part in zip(value, inner, strict=True)]
            return None if None in forms else ("list", *forms)
        if isinstance(value, dict):
            parts = tolerance if isinstance(tolerance, dict) else {}
            forms = [self._flatten(value[key], parts.get(key, 0.0), numbers, bounds) for key in sorted(value, key=str)]
            return None if None in forms else (*sorted(map(str, value)), *forms)
        if value is None or isinstance(value, str):
            return ("is", value)
        try:
            tensor = _tensor(value)
        except (TypeError, ValueError, RuntimeError):
            return None
        if tensor.is_complex():
            return None
        if self._random and isinstance(value, float) and isinstance(tolerance, float):
            bound = torch.tensor([CHANCE * tolerance], dtype=torch.float64)
        else:
            bound = _bound(value, tensor, tolerance, self._dtype)
        numbers.append(tensor.double().reshape(-1))
        bounds.append(bound.reshape(-1))
        return (*tensor.shape, _kind(tensor))


def _joined(parts: list[torch.Tensor]) -> torch.Tensor:
    return torch.cat(parts) if parts else torch.empty(0, dtype=torch.float64)
