"""Gradients without sympy: torch imports a third of a second's worth of it to compare two sizes.

`torch.autograd.grad` with a cotangent asks `torch.fx.experimental.symbolic_shapes` whether the shapes agree, which may
be symbols where torch compiles. A stand-in answers that; whoever asks for more gets the real module.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import torch.fx.experimental

_MODULE = "torch.fx.experimental.symbolic_shapes"


class _StandIn(ModuleType):
    """Knows two of the functions, for sizes that are numbers."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python asks of every module that is there
            raise AttributeError(name)
        if sys.modules.get(_MODULE) is self:
            del sys.modules[_MODULE]
        return getattr(import_module(_MODULE), name)

    @staticmethod
    def sym_eq(size: Any, other: Any) -> bool:
        return bool(size == other)

    @staticmethod
    def expect_true(agree: bool) -> bool:
        return agree


def put_in_place() -> None:
    """Let gradients ask the stand-in, unless the real module is here."""
    if _MODULE not in sys.modules:
        sys.modules[_MODULE] = torch.fx.experimental.symbolic_shapes = _StandIn(_MODULE)
