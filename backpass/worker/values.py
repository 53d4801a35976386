"""Values of a student's program beside those of the course: whether one fits in another's place, or is the same."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy
import torch

SEVERAL = ("each", "reversed", "rest")  # ways in which a loop meets the items of a quantity
CLOSE = 1e-4  # relative; nearer values are the same quantity


def like(quantity: Any, value: Any) -> Any:
    """A quantity in the type and dtype of the value that it takes the place of."""
    if isinstance(quantity, torch.Tensor):
        if isinstance(value, torch.Tensor):
            return quantity.to(value.dtype if _is_like(value, quantity) else quantity.dtype, copy=True)
        return quantity.item() if isinstance(value, float) and quantity.dim() == 0 else quantity.clone()
    if isinstance(quantity, bool) and isinstance(value, torch.Tensor):
        return torch.tensor(quantity)
    if isinstance(quantity, float) and isinstance(value, torch.Tensor):
        return torch.full_like(value, quantity) if value.is_floating_point() else torch.tensor(quantity)
    if isinstance(quantity, list | tuple) and isinstance(value, list | tuple) and len(quantity) == len(value):
        return type(quantity)(map(like, quantity, value))
    return quantity


def items_of(quantity: Any, value: Any) -> list[Any]:
    """What a loop meets of a quantity one by one: a list's items, a tensor's rows, or its numbers."""
    if not isinstance(quantity, torch.Tensor):
        return list(quantity) if isinstance(quantity, list | tuple) else []
    return list(quantity.reshape(-1) if _is_number(value) else quantity) if quantity.dim() else []


def met(quantity: Any, value: Any, mode: str) -> list[Any]:
    """What the evaluations of an expression in a loop meet of a quantity: all its items, or those behind the first."""
    items = items_of(quantity, value)
    return items[1:] if mode == "rest" else items[::-1] if mode == "reversed" else items


def number_of_items(quantity: Any, value: Any) -> int:
    """How many `items_of` has, which takes seconds to make them of a large tensor."""
    if not isinstance(quantity, torch.Tensor):
        return len(quantity) if isinstance(quantity, list | tuple) else 0
    return (quantity.numel() if _is_number(value) else len(quantity)) if quantity.dim() else 0


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, torch.Tensor) and value.dim() == 0)


def in_the_shape_of(value: Any, quantity: Any) -> Any | None:
    """A tensor laid out as the value that it takes the place of, or without dimensions of size 1 where that has fewer.

    None where it is of that shape, or is hardly the same in it: a mean may be a row or a column, samples stay samples.
    """
    if not isinstance(value, torch.Tensor) or not isinstance(quantity, torch.Tensor) or value.shape == quantity.shape:
        return None
    if value.numel() == quantity.numel():
        sizes = [[size for size in each.shape if size != 1] for each in (value, quantity)]
        return quantity.reshape(value.shape) if sizes[0][:1] == sizes[1][:1] else None
    return quantity.squeeze() if value.dim() < quantity.dim() and 1 in quantity.shape else None


def _is_like(value: torch.Tensor, quantity: torch.Tensor) -> bool:
    return value.is_floating_point() or not quantity.is_floating_point()


def fit(values: list[Any], quantity: Any, mode: str) -> int | None:
    """0 where the quantity has the form of what it takes the place of, 1 in another shape, 2 larger, 3 smaller."""
    if mode in SEVERAL:
        items = met(quantity, values[0], mode)
        return 0 if all(fit([value], item, "all") == 0 for value, item in zip(values, items, strict=True)) else None
    value = values[0]
    if mode == "reshaped":
        laid_out = in_the_shape_of(value, quantity)
        return None if laid_out is None or same(value, laid_out) else fit(values, laid_out, "all")
    if isinstance(value, bool | int) or isinstance(quantity, bool | int):
        is_answer = isinstance(quantity, bool) and isinstance(value, torch.Tensor)  # .any() gives a tensor
        is_rounded = type(value) is int and type(quantity) is float and abs(value - quantity) < 1
        fits = type(value) is type(quantity) or is_rounded or (is_answer and _is_one(value, torch.bool))
        return 0 if fits else None
    if isinstance(value, float) or isinstance(quantity, float):
        return 0 if all(isinstance(each, float) or _is_scalar(each) for each in (value, quantity)) else None
    if isinstance(value, torch.Tensor) and isinstance(quantity, torch.Tensor):
        if (value.dtype == torch.bool) != (quantity.dtype == torch.bool):
            return None
        if value.is_floating_point() != quantity.is_floating_point():
            return None
        if value.shape == quantity.shape:
            return 0
        return 1 if quantity.numel() == value.numel() else 2 if quantity.numel() > value.numel() else 3
    if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
        return 0 if isinstance(quantity, torch.Tensor) else None
    if isinstance(value, list | tuple) and isinstance(quantity, list | tuple) and len(value) == len(quantity):
        pairs = zip(value, quantity, strict=True)
        return (
            0 if all(type(one) is type(other) is str or fit([one], other, "all") == 0 for one, other in pairs) else None
        )
    return None


def is_unreduced(value: Any, quantity: Any, reduced: Callable[[], list[torch.Tensor]]) -> bool:
    """Whether a quantity is made of the numbers of `value` by the sum or mean over a dimension, or all, that is left
    out, or by another shape alone. `reduced`: see `reductions`."""
    if not isinstance(value, torch.Tensor) or not isinstance(quantity, torch.Tensor) or not value.is_floating_point():
        return False
    if value.numel() == quantity.numel():
        mine, right = ([size for size in each.shape if size != 1] for each in (value, quantity))
        return mine == right and same(value.reshape(quantity.shape), quantity)
    fitting = (each for each in reduced() if each.numel() == quantity.numel())
    return any(same(each.reshape(quantity.shape), quantity) for each in fitting)


def reductions(value: torch.Tensor) -> list[torch.Tensor]:
    """The sum and the mean of a tensor, over all dimensions and over each, and its length."""
    every = (tuple(range(value.dim())), *((dim,) for dim in range(value.dim())))
    sums = [reduced for dims in every for reduced in (value.sum(dims), value.mean(dims))]
    return [*sums, value.square().sum().sqrt()]


def is_all_in_one(value: Any, quantity: Any) -> bool:
    """Whether a number is the sum, the mean or the length of a quantity that should have been left apart."""
    if not isinstance(value, torch.Tensor) or value.dim() or not isinstance(quantity, torch.Tensor):
        return False
    if quantity.numel() < 2 or not quantity.is_floating_point():
        return False
    return any(same(value, whole) for whole in (quantity.sum(), quantity.mean(), quantity.square().sum().sqrt()))


def another(value: Any) -> Any:
    """A value of the same form that is not the same; what has none, as a word, as it is."""
    if isinstance(value, torch.Tensor):
        return ~value if value.dtype == torch.bool else 1.4 * value + 0.7 if value.is_floating_point() else value + 1
    if isinstance(value, list | tuple):
        return type(value)(map(another, value))
    if isinstance(value, float):
        return 1.4 * value + 0.7
    return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value


class Table:
    """Many values, to find at once those that another one is the same as."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._rows: dict[tuple[Any, ...], list[int]] = {}
        self._others = []
        for position, value in enumerate(values):
            form = _form(value)
            if form is None:
                self._others.append(position)
            else:
                self._rows.setdefault(form, []).append(position)
        # In NumPy: most of these are a few numbers, for which torch takes three times as long.
        self._stacked = {
            form: numpy.stack([_numbers(values[position]) for position in positions])
            for form, positions in self._rows.items()
        }
        self._margins: dict[tuple[tuple[Any, ...], float], Any] = {}

    def like(self, value: Any, close: float) -> set[int]:
        """The positions of the values that `value` is the same as, as in `same`."""
        form = _form(value)
        if form is None:
            return {position for position in self._others if same(value, self._values[position], close)}
        if form not in self._stacked:
            return set()
        margin = self._margins.get((form, close))
        if margin is None:
            margin = self._margins[form, close] = _margin(self._stacked[form], close)
        near = _near(_numbers(value), self._stacked[form], margin)
        return set(itertools.compress(self._rows[form], near.all(1)))


def _form(value: Any) -> tuple[Any, ...] | None:
    """What values have in common that can be compared number by number; None for those that cannot."""
    if isinstance(value, torch.Tensor):
        return None if value.is_complex() else (value.dtype == torch.bool, value.shape)
    if isinstance(value, float):
        return False, torch.Size(())
    return None


def _numbers(value: Any) -> Any:
    """The numbers of a tensor, or the one that a float is, in a row."""
    return torch.as_tensor(value, dtype=torch.float64).detach().reshape(-1).numpy()


def _margin(right: Any, close: float) -> Any:
    """How far from each number of each row another may be; tiny numbers are measured by the largest of their row.

    Nothing is near infinity.
    """
    size = numpy.where(numpy.isfinite(right), numpy.abs(right), 0.0)
    return close * size + 1e-3 * close * size.max(1, keepdims=True, initial=0.0)


def _near(left: Any, right: Any, margin: Any) -> Any:
    """Element by element."""
    with numpy.errstate(invalid="ignore"):
        return (numpy.abs(left - right) <= margin) | (left == right) | (numpy.isnan(left) & numpy.isnan(right))


def has_fractions(value: Any) -> bool:
    """Whether a number or a tensor has any that is finite and not whole."""
    is_float = isinstance(value, float) or (isinstance(value, torch.Tensor) and value.is_floating_point())
    return is_float and bool((torch.as_tensor(value).frac().abs() > 0).any())  # of infinity and NaN it is NaN


def distance(value: Any, quantity: Any) -> tuple[float, float]:
    """How far a value is from a quantity: the share of numbers that differ, and the largest difference, relative."""
    if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
        value = value[0]
    try:
        mine, right = (torch.as_tensor(each, dtype=torch.float64) for each in (value, quantity))
    except (TypeError, ValueError, RuntimeError):
        return math.inf, math.inf
    if mine.shape != right.shape or not right.numel():
        return math.inf, math.inf
    size = float(right.abs().max()) or 1.0
    off = ((mine - right).abs() / size).nan_to_num(nan=math.inf)
    return float((off > CLOSE).double().mean()), float(off.max())


def rounding(value: Any) -> float:
    """Relative; nearer values are not worth a trial."""
    return 1e-6 if isinstance(value, torch.Tensor) and value.dtype != torch.float64 else 1e-12


def _is_one(value: torch.Tensor, dtype: torch.dtype) -> bool:
    return value.dim() == 0 and value.dtype == dtype


def _is_scalar(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0 and value.is_floating_point()


def same(a: Any, b: Any, close: float = CLOSE) -> bool:
    """Whether two values are the same quantity, up to rounding."""
    if isinstance(a, list | tuple):
        same_length = isinstance(b, list | tuple) and len(a) == len(b)
        return same_length and all(same(one, other, close) for one, other in zip(a, b, strict=True))
    form, other = _form(a), _form(b)
    if form is None or other is None:
        return type(a) is type(b) and isinstance(a, bool | int | str) and bool(a == b)
    if form != other:
        return False
    right = _numbers(b)[None]
    return bool(_near(_numbers(a), right, _margin(right, close)).all())


def agrees(value: Any, expected: Any, tolerance: Any) -> bool:
    if isinstance(expected, torch.Tensor):
        if not isinstance(value, torch.Tensor) or value.shape != expected.shape or value.is_complex():
            return False
        number = value.detach().double()
        near = (number - expected.double()).abs() <= tolerance
        return bool((near | (number == expected) | (number.isnan() & expected.isnan())).all())
    if isinstance(expected, float):
        if not isinstance(value, float | int) or isinstance(value, bool):
            return False
        return bool(
            abs(value - expected) <= tolerance or value == expected or (value != value and expected != expected)
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(value, list | tuple)
            and len(value) == len(expected)
            and all(map(agrees, value, expected, tolerance))
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(agrees(value[key], expected[key], tolerance[key]) for key in expected)
        )
    return type(value) is type(expected) and bool(value == expected)


def identical(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        if not isinstance(b, torch.Tensor) or a.shape != b.shape or a.dtype != b.dtype:
            return False
        return bool(((a == b) | ((a != a) & (b != b))).all())
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return isinstance(b, float) and (a == b or (a != a and b != b))
    return type(a) is type(b) and (not isinstance(a, int | str) or a == b)
