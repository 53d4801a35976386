"""Which library functions a submission calls itself, by their public names.

Reading the calls as they happen sees through every alias (`from torch.nn.functional import softmax as s`)
and blames nobody for code that is never run. Calls that libraries make among themselves do not count.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

_C_MODULES = {"torch._C._nn": "torch.nn.functional", "torch._C._special": "torch.special"}
_LIBRARIES = ("torch", "scipy", "numpy")


class Trace:
    """A context in which calls made directly from the files of a submission are noted."""

    def __init__(self, files: frozenset[str]) -> None:
        self.files = files
        self.called: dict[str, None] = {}  # a set that keeps the order

    def __enter__(self) -> Trace:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "call":
            caller = frame.f_back
            if caller is not None and caller.f_code.co_filename in self.files:
                self._add(_python_name(frame))
        elif event == "c_call" and frame.f_code.co_filename in self.files:
            self._add(_builtin_name(arg))

    def _add(self, name: str) -> None:
        if name.startswith(_LIBRARIES) and len(self.called) < 200:
            self.called[name] = None


def _python_name(frame: FrameType) -> str:
    module = str(frame.f_globals.get("__name__", ""))
    name = frame.f_code.co_qualname
    if module == "torch._ops":
        return f"torch.ops.{frame.f_locals.get('self')}"
    if module.startswith("torch._functorch"):
        return f"torch.func.{name}"
    if module == "torch._tensor":
        return f"torch.{name}"
    if name.endswith("_no_grad_wrapper"):  # torch.nn.utils hides its functions behind one wrapper
        return f"{module}.{getattr(frame.f_locals.get('func'), '__name__', name)}"
    return f"{module}.{name}".removesuffix(".__init__")


def _builtin_name(function: Any) -> str:
    module = getattr(function, "__module__", None) or ""
    name = getattr(function, "__name__", "")
    owner = getattr(function, "__qualname__", "").partition(".")[0]
    if owner == "Tensor":
        return f"torch.Tensor.{name}"
    if module in _C_MODULES:
        return f"{_C_MODULES[module]}.{name.removeprefix('special_')}"
    return f"{module}.{name}"
