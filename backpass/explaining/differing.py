"""Which entries of two values differ: carets below them, or where they are, in words."""

from __future__ import annotations

from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.words import listed

_MOST = 6  # entries that are named
_PLAIN = (str, int, bool, type(None))
_RELATIVE, _ABSOLUTE = 1e-4, 1e-7

Tree = bool | list["Tree"]  # of the form of a value: whether its entries differ


def differing(mine: Any, right: Any) -> Tree:
    """Which entries of `mine` differ from those of `right`; a single truth where they cannot be held side by side."""
    if isinstance(mine, torch.Tensor) and isinstance(right, torch.Tensor) and mine.shape == right.shape:
        near = torch.isclose(mine.double(), right.double(), rtol=_RELATIVE, atol=_ABSOLUTE, equal_nan=True)
        tree: Tree = (~near).tolist()
        return tree
    if isinstance(mine, list | tuple) and isinstance(right, list | tuple) and len(mine) == len(right):
        return [differing(one, other) for one, other in zip(mine, right, strict=True)]
    if isinstance(mine, float) and isinstance(right, float):
        return differing(torch.tensor(mine), torch.tensor(right))
    return not isinstance(mine, _PLAIN) or not isinstance(right, _PLAIN) or mine != right


def is_partial(tree: Tree) -> bool:
    """Whether some entries differ, and some do not."""
    return len(set(_leaves(tree))) > 1


def carets(tree: Tree, text: str) -> str:
    """A line to stand below `text`, the first entries of which are between brackets, commas and spaces."""
    marks = iter(_leaves(tree))
    line, mark, inside = "", False, False
    for letter in text:
        begins = letter not in "[](), " and not inside
        inside = letter not in "[](), "
        if begins:
            mark = next(marks, False)
        line += "^" if inside and mark else " "
    return line.rstrip()


def places(tree: Tree) -> str:
    """In words where the entries are that differ, if they are few."""
    found = [str(list(where)) for where in _where(tree)]
    if len(found) > _MOST:
        return ""
    return tr("it differs at {places}", places=listed(found))


def _leaves(tree: Tree) -> list[bool]:
    return [leaf for each in tree for leaf in _leaves(each)] if isinstance(tree, list) else [tree]


def _where(tree: Tree, above: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    if isinstance(tree, list):
        return [where for position, each in enumerate(tree) for where in _where(each, (*above, position))]
    return [above] if tree else []
