"""A table: every differentiable reference beside torch's function, at corners that nobody would draw.

For each row, in float32, float64 and bfloat16: the value, the gradient that autograd finds in the reference, and the
slope or backward pass that the course has written by hand, against what torch's own function gives. Where torch's
gradient is infinite, NaN or cut off (1e9 and more), there is none to agree with, and ours has to be finite.

`python -m tests.judging.test_references_against_torch` prints the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from backpass.judging.cases import map_tensors, tensors
from tests.judging.reference_table import TABLE, Inputs, Row

DTYPES = (torch.float32, torch.float64, torch.bfloat16)
CUT_OFF = 1e9


def differentiated(function: Callable[..., Any], inputs: Inputs, cotangent: torch.Tensor | None = None) -> Any:
    """(value, cotangent, gradients by the names of the inputs, those of lists in a row)."""
    leaves: dict[str, list[torch.Tensor]] = {}

    def leaf(name: str, tensor: torch.Tensor) -> torch.Tensor:
        if not tensor.is_floating_point():
            return tensor
        fresh = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype).copy_(tensor).requires_grad_()
        leaves.setdefault(name, []).append(fresh)
        return fresh

    given = {name: map_tensors(value, lambda tensor, name=name: leaf(name, tensor)) for name, value in inputs.items()}
    out = function(*given.values())
    if cotangent is None:
        cotangent = (
            torch.rand(out.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64).to(out.dtype) + 0.5
        )
    flat = [each for group in leaves.values() for each in group]
    found = iter(torch.autograd.grad(out, flat, cotangent, allow_unused=True))
    return out.detach(), cotangent, {name: [next(found) for _ in group] for name, group in leaves.items()}


def compared(row: Row, inputs: Inputs) -> dict[str, float]:
    """The largest distance in roundings of the value, of autograd's gradient and of the hand-written one.

    Roundings are those of the largest number that is on the way: an input, up to 1e4 of them, or the result.
    """
    expected, cotangent, gradients = differentiated(row.of_torch, inputs)
    value, _, ours = differentiated(row.ours, inputs, cotangent)
    assert (value.dtype, value.shape) == (expected.dtype, expected.shape)
    moderate = (each.abs().max().item() for each in tensors(inputs) if each.is_floating_point() and each.numel())
    scale = 1.0 if row.of_each_number else row.magnifies * max([1.0, *(size for size in moderate if size <= 1e5)])

    def distance(got: torch.Tensor, wanted: torch.Tensor) -> float:
        got, wanted = got.double(), wanted.double()
        wrong = (got != wanted) & ~(got.isnan() & wanted.isnan())
        roundings = (got - wanted).abs() / torch.finfo(value.dtype).eps / (wanted.abs() + scale)
        return torch.where(wrong, roundings, 0.0).nan_to_num(torch.inf).max().item() if got.numel() else 0.0

    def of_gradients(got: torch.Tensor | None, wanted: torch.Tensor | None) -> float:
        if wanted is None:
            return 0.0
        got = torch.zeros_like(wanted) if got is None else got
        assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
        none = ~wanted.isfinite() | (wanted.abs() >= CUT_OFF)
        assert got[none].isfinite().all(), "a gradient is not finite where torch's is none"
        return distance(torch.where(none, 0.0, got), torch.where(none, 0.0, wanted))

    found = {"value": distance(value, expected)}
    found["autograd"] = max(
        of_gradients(*pair) for name in ours for pair in zip(ours[name], gradients[name], strict=True)
    )
    if row.by_hand is not None:
        by_hand = row.by_hand(inputs, value, cotangent)
        found["by hand"] = max(of_gradients(got, gradients[name][0]) for name, got in by_hand.items())
    return found


def in_dtype(inputs: Inputs, dtype: torch.dtype) -> Inputs:
    def cast(tensor: torch.Tensor) -> torch.Tensor:
        if not tensor.is_floating_point() or tensor.dtype == dtype:
            return tensor
        return torch.empty_strided(tensor.shape, tensor.stride(), dtype=dtype).copy_(tensor)

    return map_tensors(inputs, cast)


MOST = 8


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", TABLE)
def test_references_agree_with_torch_and_with_their_own_slopes(name, dtype):
    for inputs in TABLE[name].inputs():
        found = compared(TABLE[name], in_dtype(inputs, dtype))
        assert max(found.values()) <= MOST, (found, inputs)


def opinfo_samples(name: str) -> Iterator[Inputs]:
    from torch.testing._internal.common_methods_invocations import op_db

    assert TABLE[name].opinfo is not None
    of_torch, made = TABLE[name].opinfo
    for operator in op_db:
        if operator.name == of_torch and not operator.variant_test_name:
            yield from filter(None, map(made, operator.sample_inputs("cpu", torch.float64)))


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.opinfo is not None])
def test_references_agree_with_torch_on_the_samples_of_torchs_own_tests(name):
    pytest.importorskip("expecttest", reason="torch's own tests need it")
    samples = list(opinfo_samples(name))
    assert samples
    for inputs in samples:
        found = compared(TABLE[name], map_tensors(inputs, lambda tensor: tensor.detach()))
        assert max(found.values()) <= MOST, (found, inputs)


def print_table() -> None:
    print(f"{'':28}" + "".join(f"{str(dtype).partition('.')[2]:>32}" for dtype in DTYPES))
    print(f"{'largest distance, roundings':28}" + f"{'value':>12}{'autograd':>10}{'by hand':>10}" * len(DTYPES))
    for name, row in TABLE.items():
        line = f"{name:28}"
        for dtype in DTYPES:
            found = [compared(row, in_dtype(inputs, dtype)) for inputs in row.inputs()]
            for what, width in (("value", 12), ("autograd", 10), ("by hand", 10)):
                numbers = [each[what] for each in found if what in each]
                line += f"{max(numbers):{width}.1f}" if numbers else " " * width
        print(line)


if __name__ == "__main__":
    print_table()
