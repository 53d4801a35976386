"""Hypothesis strategies that the units' graders draw their cases from.

A tensor is drawn as bytes, one an element: one quick draw, which shrinks to few and simple numbers. The
others have no short decimal or binary form, so that rounding and float32 inside a computation show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from backpass.judging.cases import DTYPES

# Cases of a dtype, by the names of their inputs.
Strategy = Callable[[torch.dtype], SearchStrategy[dict[str, Any]]]

# The numbers that a byte stands for, the easiest to read first: Hypothesis shrinks towards byte 0.
_EASY = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5]
_NUMBERS = torch.tensor(
    _EASY + [sign * step / 17 for step in range(1, 124) for sign in (1, -1)],
    dtype=torch.float64,
)


@st.composite
def tensors(
    draw: st.DrawFn, shape: tuple[int, ...], dtype: torch.dtype, scale: float = 1.0, layouts: bool = True
) -> torch.Tensor:
    """Numbers between -7 and 7, times `scale`; with `layouts`, half of them not contiguous in memory."""
    numel = int(torch.Size(shape).numel())
    raw = draw(st.binary(min_size=numel, max_size=numel))
    indices = torch.frombuffer(bytearray(raw), dtype=torch.uint8).long() if numel else torch.empty(0, dtype=torch.int64)
    tensor = (_NUMBERS[indices % len(_NUMBERS)] * scale).to(dtype).reshape(shape)
    if layouts and tensor.dim() > 1 and draw(st.booleans()):
        return tensor.mT.contiguous().mT
    return tensor


def sizes(smallest: int = 1, largest: int = 6) -> SearchStrategy[int]:
    """The size of one dimension."""
    return st.integers(smallest, largest)


ANY_SHAPE = st.sampled_from([(3,), (2, 3), (), (1,), (3, 2), (2, 1, 3), (1, 4), (5,), (4, 1)])


def inputs(*, square: bool = False, shapes: SearchStrategy[tuple[int, ...]] = ANY_SHAPE, **declared: Any) -> Strategy:
    """Cases by the names of their inputs: `inputs(x="n i", weight="o i", scale=one_of(1.0, 0.5))`.

    A string is a tensor with the dimensions that it names, or with "..." of one of `shapes`, a pair a tensor and its
    scale, a list a list of tensors; a strategy is drawn from. A name has one size in a case, and with `square` all
    names have: where all sizes agree, a transpose too many raises nothing, and must be told by its numbers.
    """

    @st.composite
    def cases(draw: st.DrawFn, dtype: torch.dtype) -> dict[str, Any]:
        known: dict[str, Any] = {}

        def size_of(name: str) -> int:
            name = "all" if square else name
            if name not in known:
                known[name] = draw(sizes(2, 4) if square else sizes())
            return known[name]

        def made(value: Any) -> Any:
            if isinstance(value, list):
                return [made(each) for each in value]
            if isinstance(value, SearchStrategy):
                return draw(value)
            text, scale = (value, 1.0) if isinstance(value, str) else value
            if text != "...":
                return draw(tensors(tuple(map(size_of, text.split())), dtype, scale))
            if text not in known:
                known[text] = draw(shapes)
            return draw(tensors(known[text], dtype, scale))

        return {name: made(value) for name, value in declared.items()}

    return cases


KINK = 1e-3  # nearer to a ReLU's corner than this, rounding and conventions decide on which side a number is


def is_off_the_corner(x: torch.Tensor, weights: list[torch.Tensor], biases: list[torch.Tensor]) -> bool:
    """Whether no number in the hidden layers is at the corner of its ReLU, and each layer has a unit that is on."""
    for weight, bias in zip(weights, biases, strict=True):
        z = x @ weight.T + bias
        if not bool((z.abs() > KINK).all() and (z > 0).any()):
            return False
        x = z.clamp(min=0)
    return True


def with_changes(strategy: Strategy, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Strategy:
    """The cases of `strategy` with the inputs that `change` gives for a case."""
    return lambda dtype: strategy(dtype).map(lambda case: case | change(case))


def one_of(*values: Any) -> SearchStrategy[Any]:
    """One of a few values; the first is the simplest."""
    return st.sampled_from(values)


@st.composite
def labels(draw: st.DrawFn, count: int, classes: int) -> torch.Tensor:
    """Class indices (count,), int64."""
    return torch.tensor(draw(st.lists(st.integers(0, classes - 1), min_size=count, max_size=count)))


@st.composite
def shapes_of_logits(draw: st.DrawFn) -> tuple[int, ...]:
    """(C,), (N, C) or (B, N, C), with at least two classes."""
    leading = draw(st.sampled_from([(1,), (0,), (2,)]))[0]
    return tuple(draw(sizes()) for _ in range(leading)) + (draw(sizes(2, 7)),)


@st.composite
def extreme_rows(draw: st.DrawFn, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """Logits whose rows lie far from zero and from each other, some with a spread of thousands inside the row."""
    tensor = draw(tensors(shape, dtype, layouts=False))
    rows = tensor.reshape(-1, shape[-1])
    for row in rows:
        shift = draw(st.sampled_from([800.0, -800.0, 0.0, 10_000.0, -10_000.0]))
        spread = draw(st.sampled_from([1.0, 1.0, 300.0, 16.0]))
        row.mul_(spread).add_(shift)
    return rows.reshape(shape)


def as_laid_out(like: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    """`tensor` in the memory layout of `like`, of the same shape."""
    return torch.empty_strided(like.shape, like.stride(), dtype=tensor.dtype).copy_(tensor)


def in_dtypes(*cases: dict[str, Any], dtypes: tuple[torch.dtype, ...] = DTYPES) -> tuple[dict[str, Any], ...]:
    """Cases that are written down, in each dtype: a list is a tensor, and a tuple of lists a list of tensors.

    A list of integers alone is one of indices and stays int64, as everything else stays what it is.
    """

    def written(value: Any, dtype: torch.dtype) -> Any:
        if isinstance(value, list):
            return torch.tensor(value, dtype=dtype if torch.tensor(value).is_floating_point() else torch.int64)
        if isinstance(value, tuple) and any(isinstance(each, list | torch.Tensor) for each in value):
            return [written(each, dtype) for each in value]
        if isinstance(value, dict):
            return {name: written(each, dtype) for name, each in value.items()}
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            return value.to(dtype)
        return value

    return tuple({name: written(value, dtype) for name, value in case.items()} for dtype in dtypes for case in cases)
