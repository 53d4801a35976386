"""When are two wrong answers the same answer? One with one, and one with the answers of a whole catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from backpass.judging.cases import Case, tensors
from backpass.judging.comparison import measured
from backpass.judging.failures import Failure
from backpass.worker.calls import NO_GRADIENT, Answer, Raised

_MOST_NUMBERS = 4096  # of an answer that a table looks at: it names those that may be like another, and no more
_AT_ONCE = 1 << 20  # numbers that are looked at together: some answers have tens of millions
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
    if a.dtype == b.dtype and torch.equal(a, b):
        return True
    a, b = a.double().reshape(-1), b.double().reshape(-1)
    relative, floor = _margin(theirs, _tensor(theirs), tolerance, dtype)
    return bool(_within(a, b, relative * _sizes(b), floor).all())


def comparable(case: Case, answer: Answer) -> Any:
    """What of an answer is compared, with a gradient of 0 where autograd finds none."""
    value = measured(case, answer)
    if case.cotangent is None or not isinstance(value, dict):
        return value
    return {
        name: torch.zeros_like(case.expected[name]) if isinstance(grad, str) and name in case.expected else grad
        for name, grad in value.items()
    }


def same_answer(failure: Failure, index: int, theirs: Answer, mine: Answer, output: int | None = None) -> bool:
    """Whether two wrong answers to a case are the same answer."""
    case = failure.cases[index]
    if mine.raised is not None or theirs.raised is not None:
        kinds = {answer.raised.kind for answer in (mine, theirs) if answer.raised is not None}
        return mine.raised is not None and theirs.raised is not None and len(kinds) == 1
    if isinstance(case.expected, Raised):
        return True  # whatever it is that is returned in the place of an exception
    if output is None:
        return close(measured(case, mine), measured(case, theirs), case.tolerance, failure.random, case.dtype)
    parts = [value[output] for value in (mine.value, theirs.value) if _has(value, output)]
    return len(parts) == 2 and close(parts[0], parts[1], case.tolerance[output], False, case.dtype)


def same_words(theirs: Answer, mine: Answer) -> bool:
    """Whether two exceptions say the same but for the numbers in it."""
    words = {re.sub(r"\d+", "", answer.raised.text) for answer in (theirs, mine) if answer.raised is not None}
    return theirs.raised is not None and mine.raised is not None and len(words) == 1


def has_numbers(value: Any) -> bool:
    """Whether numbers are in a value, beside words and flags."""
    if isinstance(value, list | tuple | dict):
        return any(map(has_numbers, value.values() if isinstance(value, dict) else value))
    return value.dtype != torch.bool if isinstance(value, torch.Tensor) else type(value) in (int, float)


def is_finite(answer: Answer) -> bool:
    return answer.raised is None and all(bool(each.isfinite().all()) for each in tensors(answer.value))


def _has(value: Any, output: int) -> bool:
    return isinstance(value, list | tuple) and len(value) > output


def _kind(tensor: torch.Tensor) -> str:
    """Truth values, whole numbers and floats are not like one another, whatever their values."""
    return "bool" if tensor.dtype == torch.bool else "float" if tensor.is_floating_point() else "int"


def _within(a: torch.Tensor, b: torch.Tensor, margin: Any, floor: Any) -> torch.Tensor:
    """Which numbers are the same, or no further apart than one of two margins."""
    apart = (a - b).abs()
    return torch.as_tensor((a == b) | (a.isnan() & b.isnan()) | (apart <= margin) | (apart <= floor))


def _margin(answer: Any, value: torch.Tensor, tolerance: Any, dtype: torch.dtype | None) -> tuple[float, Any]:
    """How far another answer may be from `answer`, whose numbers are `value`: (relative, floor).

    By `relative` times the largest of the numbers, which is a rounding at their size, or by `floor`, what the case
    allows: a number, or a vector with one for each of the numbers.
    """
    # A Python float may have been computed in float32: it is as exact as the inputs that it comes from.
    kind = dtype if isinstance(answer, float) and dtype is not None else value.dtype
    relative = 1000 * torch.finfo(kind).eps if kind.is_floating_point else 0.0
    if isinstance(tolerance, torch.Tensor) and tolerance.shape == value.shape:
        return relative, 4 * tolerance.nan_to_num(posinf=0.0).reshape(-1)
    if isinstance(answer, float) and isinstance(tolerance, float):
        return relative, 4 * tolerance
    return relative, 0.0


def _sizes(numbers: torch.Tensor) -> torch.Tensor:
    """The largest finite number of each row."""
    return torch.where(numbers.isfinite(), numbers.abs(), 0.0).amax(-1, keepdim=True) if numbers.numel() else numbers


def _tensor(value: Any) -> torch.Tensor:
    number = isinstance(value, float) or type(value) is int  # in Python they are like one another, in torch not
    return torch.as_tensor(value, dtype=torch.float64) if number else torch.as_tensor(value)


@dataclass(frozen=True)
class _Leaf:
    """One tensor or number of an answer, or the beginning of a large one, and how far another may be from it.

    `relative` to the largest of its numbers, which is `largest` where the tensor has more than are kept; or by a part
    of `tolerance`, as in `_margin`.
    """

    numbers: torch.Tensor
    relative: float
    floor: Any
    largest: float | None = None


class Table:
    """The answers of many functions to one case, ready to be compared with another answer all at once.

    `tolerance`, `random` and `dtype` are the case's; an answer of None (also of a function that raises) is like
    no other.
    """

    def __init__(self, values: Iterable[Any], tolerance: Any, *, random: bool, dtype: torch.dtype | None) -> None:
        self._random = random
        self._dtype = dtype
        by_form: dict[Any, list[tuple[int, list[_Leaf]]]] = {}
        for position, value in enumerate(values):
            leaves: list[_Leaf] = []
            form = self._flatten(value, tolerance, leaves)
            if value is not None and form is not None:
                by_form.setdefault(form, []).append((position, leaves))
        self._groups = {}
        for form, rows in by_form.items():
            positions, leaves_of = zip(*rows, strict=True)
            self._groups[form] = positions, [_column(column) for column in zip(*leaves_of, strict=True)]

    def like(self, value: Any) -> list[int]:
        """The positions of the answers that `close` may find to be the same as `value`, in order."""
        leaves: list[_Leaf] = []
        group = self._groups.get(self._flatten(value, 0.0, leaves))
        if group is None:
            return []
        positions, columns = group
        found = torch.arange(len(positions))
        for leaf, (rows, margin, floor) in zip(leaves, columns, strict=True):
            some = len(found) < len(positions)  # of large answers only the rows that are like it so far
            part, near = (rows[found], margin[found]) if some else (rows, margin)
            theirs = floor[found] if some and floor.shape[0] == len(positions) else floor
            found = found[_within(leaf.numbers.double(), part, near, theirs).all(1)]
        return [positions[row] for row in found.tolist()]

    def _flatten(self, value: Any, tolerance: Any, leaves: list[_Leaf]) -> Any:
        """The form of a value (None where it has none), with its leaves appended to the list."""
        numbers: list[float] = []
        plain = _plain(value, numbers) if isinstance(value, list | tuple) else None
        if plain is not None:  # thousands of numbers, each by itself, would take seconds
            allowed: list[float] = []
            is_each = _plain(tolerance, allowed) == plain
            floor = 4 * torch.tensor(allowed, dtype=torch.float64) if is_each else 0.0
            tensor = torch.tensor(numbers, dtype=torch.float64)
            leaves.append(_leaf(tensor, _margin(0.0, tensor, 0.0, self._dtype)[0], floor))
            return plain
        if isinstance(value, list | tuple):
            fits = isinstance(tolerance, list) and len(tolerance) == len(value)
            inner = tolerance if fits else [0.0] * len(value)
            forms = [self._flatten(item, part, leaves) for item, part in zip(value, inner, strict=True)]
            return None if None in forms else ("list", *forms)
        if isinstance(value, dict):
            parts = tolerance if isinstance(tolerance, dict) else {}
            forms = [self._flatten(value[key], parts.get(key, 0.0), leaves) for key in sorted(value, key=str)]
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
            margin = 0.0, CHANCE * tolerance
        else:
            margin = _margin(value, tensor, tolerance, self._dtype)
        leaves.append(_leaf(tensor, *margin))
        return (*tensor.shape, _kind(tensor))


def _plain(value: Any, numbers: list[float]) -> Any:
    """The form of numbers in lists, with the numbers appended; None where there is anything else."""
    if type(value) in (int, float):
        numbers.append(value)
        return "number"
    forms = []
    for each in value if isinstance(value, list | tuple) else ():
        forms.append(_plain(each, numbers))
        if forms[-1] is None:
            return None
    return tuple(forms) or None


def _leaf(tensor: torch.Tensor, relative: float, floor: Any) -> _Leaf:
    flat = tensor.reshape(-1)
    if len(flat) <= _MOST_NUMBERS:
        return _Leaf(flat, relative, floor)
    largest = max(float(_sizes(part.double())) for part in torch.split(flat, _AT_ONCE))
    floor = floor[:_MOST_NUMBERS].clone() if isinstance(floor, torch.Tensor) else floor
    return _Leaf(flat[:_MOST_NUMBERS].double().clone(), relative, floor, largest)


def _column(leaves: Sequence[_Leaf]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same leaf of many answers of one form: a row of numbers for each, and its two margins."""
    are_alike = len({leaf.numbers.dtype for leaf in leaves}) == 1
    numbers = torch.stack([leaf.numbers if are_alike else leaf.numbers.double() for leaf in leaves]).double()
    near = torch.tensor([[leaf.relative] for leaf in leaves], dtype=torch.float64)
    if leaves[0].largest is not None:
        near *= torch.tensor([[leaf.largest] for leaf in leaves], dtype=torch.float64)
    elif numbers.numel():
        near *= _sizes(numbers)
    first = leaves[0].floor
    is_the_cases = isinstance(first, torch.Tensor)  # and the same for all then
    floor = first.unsqueeze(0) if is_the_cases else torch.tensor([[each.floor] for each in leaves], dtype=torch.float64)
    return numbers, near, floor
