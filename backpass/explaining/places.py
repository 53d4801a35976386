"""Where in a tensor the wrong numbers are: at negative inputs, at large ones, in the last column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.judging.cases import Case

ENOUGH = 3  # numbers that are right, before it means anything where the wrong ones are
MOST = 0.6  # of a place must be wrong: some wrong numbers happen to be right, as 0 times anything

_BY_INPUT: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    later("negative"): lambda x: x < 0,
    later("0"): lambda x: x == 0,
    later("positive"): lambda x: x > 0,
    later("0 or negative"): lambda x: x <= 0,
    later("0 or positive"): lambda x: x >= 0,
    later("not 0"): lambda x: x != 0,
}
_BY_PLACE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    later("in the first row"): lambda rows: rows[..., 0] == 0,
    later("in the last row"): lambda rows: rows[..., 0] == rows[..., 0].max(),
    later("in the rows after the first"): lambda rows: rows[..., 0] > 0,
    later("in the rows before the last"): lambda rows: rows[..., 0] < rows[..., 0].max(),
    later("in the first column"): lambda rows: rows[..., -1] == 0,
    later("in the last column"): lambda rows: rows[..., -1] == rows[..., -1].max(),
    later("in the columns after the first"): lambda rows: rows[..., -1] > 0,
    later("in the columns before the last"): lambda rows: rows[..., -1] < rows[..., -1].max(),
    later("on the diagonal"): lambda rows: rows[..., 0] == rows[..., -1],
}

Part = tuple[Case, torch.Tensor, torch.Tensor]  # a case, the right numbers, and which of the answer's are wrong


def only_place(parts: list[Part], exercise: Exercise) -> tuple[str, str] | None:
    """Where all the wrong numbers of one output are, over all cases, and few right ones; None if nowhere special.

    The answer continues the sentence "It is wrong only ...": in English, of which ids are made, and as it is told.
    """
    off = torch.cat([wrong.reshape(-1) for _, _, wrong in parts])
    if not bool(off.any()) or int((~off).sum()) < ENOUGH:
        return None
    for name in exercise.parameters:
        values = list(_like_the_output(name, parts))
        if len(values) < len(parts):
            continue
        x = torch.cat(values)
        shares = {trait: _share(holds(x), off) for trait, holds in _BY_INPUT.items()}
        right = torch.cat([expected.double().reshape(-1) for _, expected, _ in parts])
        if not bool(right[x == 0].any()):
            shares["not 0"] = 0.0  # right at 0 because the answer is 0 there, whatever is wrong
        trait = max(shares, key=lambda trait: shares[trait])
        if shares[trait] >= MOST:
            return f"where `{name}` is {trait}", tr("where `{name}` is {trait}", name=name, trait=tr(trait))
        size = x.abs()
        if size[off].min() > size[~off].max():
            text = tr(
                "where `{name}` is large, from about {bound:.2g} on (and below minus that)",
                name=name,
                bound=size[off].min().item(),
            )
            return f"where `{name}` is large", text
        if size[off].max() < size[~off].min():
            text = tr("where `{name}` is near 0, within about {bound:.2g}", name=name, bound=size[off].max().item())
            return f"where `{name}` is near 0", text
    shapes = [wrong.shape for _, _, wrong in parts]
    if all(len(shape) == 2 and min(shape) > 1 for shape in shapes):
        for place, holds in _BY_PLACE.items():
            if _share(torch.cat([holds(_indices(shape)).reshape(-1) for shape in shapes]), off) >= MOST:
                return place, tr(place)
    return None


def _share(place: torch.Tensor, off: torch.Tensor) -> float:
    """How much of a place is wrong; 0 where something is wrong elsewhere, or where there is no elsewhere."""
    if not bool(place[off].all()) or int((~place).sum()) < ENOUGH:
        return 0.0
    return (off.sum() / place.sum()).item()


def _like_the_output(name: str, parts: list[Part]) -> Iterator[torch.Tensor]:
    """An input's numbers in every case in which it has the output's shape."""
    for case, expected, _ in parts:
        value: Any = case.inputs.get(name)
        if isinstance(value, torch.Tensor) and value.shape == expected.shape and value.is_floating_point():
            yield value.double().reshape(-1)


def _indices(shape: torch.Size) -> torch.Tensor:
    """For each element of a matrix its row and its column."""
    return torch.stack(torch.meshgrid(*(torch.arange(size) for size in shape), indexing="ij"), dim=-1)
