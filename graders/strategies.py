"""Hypothesis strategies that the units' graders draw their cases from.

A tensor is drawn as bytes, one an element: one quick draw, which shrinks to few and simple numbers. The
others have no short decimal or binary form, so that rounding and float32 inside a computation show.
"""

from __future__ import annotations

import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

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
    """Numbers between -7 and 7, times `scale`; with `layouts`, sometimes not contiguous in memory."""
    numel = int(torch.Size(shape).numel())
    raw = draw(st.binary(min_size=numel, max_size=numel))
    indices = torch.frombuffer(bytearray(raw), dtype=torch.uint8).long() if numel else torch.empty(0, dtype=torch.int64)
    tensor = (_NUMBERS[indices % len(_NUMBERS)] * scale).to(dtype).reshape(shape)
    if layouts and tensor.dim() > 1 and draw(st.sampled_from([False, False, True])):
        return tensor.mT.contiguous().mT
    return tensor


def sizes(smallest: int = 1, largest: int = 6) -> SearchStrategy[int]:
    """The size of one dimension."""
    return st.integers(smallest, largest)


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
