"""Which library functions a submission calls itself, by their public names.

Reading the calls as they happen sees through every alias (`from torch.nn.functional import softmax as s`)
and blames nobody for code that is never run. Two views are taken together: the profiler's, of all calls made
directly from the submission's code, and torch's own, of every function of torch however it was reached
(`map(torch.softmax, ...)`, a name put together at run time, a distribution that has a softmax inside).
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from sys import getprofile, setprofile  # these names are the kit's own: a submission may give sys.setprofile another
from types import FrameType
from typing import Any

import torch
from torch._C import _pop_torch_function_stack, _push_on_torch_function_stack
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from backpass.worker.guards import WATCH_IS_GONE

_C_MODULES = {
    "torch._C._nn": "torch.nn.functional",
    "torch._C._special": "torch.special",
    "torch._C._sparse": "torch.sparse",
}
_LIBRARIES = ("torch", "scipy", "numpy", "sklearn")
_MOST = 200


class _Standard(dict[str, bool]):
    """File names, and whether they are of Python's own library."""

    def __missing__(self, name: str) -> bool:
        is_of_it = name.startswith(_STANDARD_FOLDER) and "site-packages" not in name and "dist-packages" not in name
        self[name] = is_of_it
        return is_of_it


_STANDARD_FOLDER = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
_STANDARD = _Standard()


class Trace:
    """Notes in `called` the library functions that a submission, whose file names are `files`, calls.

    `fully` is a context for some of the calls, `lightly` for the others: the profiler is left out there, as it
    takes longer than what it looks at. `deep`: `fully` looks also at the operators that torch carries out
    in the end, which shows what a compiled function does.
    """

    def __init__(self, files: frozenset[str], *, deep: bool = False) -> None:
        self.files = files
        self.called: dict[str, None] = {}  # a set that keeps the order
        self._functions = _Functions(self._add)
        self._operators = _Operators(self._add) if deep else None
        self._profiler = self._note
        self._lightly = _Pushed(self._functions)

    def lightly(self) -> contextlib.AbstractContextManager[None]:
        """While this context is open, the functions of torch are noted."""
        return self._lightly

    @contextlib.contextmanager
    def fully(self) -> Iterator[None]:
        """While this context is open, all library functions are noted."""
        with self.lightly(), self._operators or contextlib.nullcontext():
            self._functions.tells_of_operators = False
            setprofile(self._profiler)
            try:
                yield
            finally:
                self._functions.tells_of_operators = True
                intact = getprofile() is self._profiler
                setprofile(None)
                # Python takes off itself what it cannot call at the end of a recursion, which is the answer then.
                if not intact and not isinstance(sys.exc_info()[1], RecursionError):
                    sys.audit(WATCH_IS_GONE)

    def _note(self, frame: FrameType, event: str, arg: Any) -> None:
        if event != "call" and event != "c_call":
            return
        caller = frame if event == "c_call" else frame.f_back
        while caller is not None and _STANDARD[caller.f_code.co_filename]:  # in whose name it calls
            caller = caller.f_back
        if caller is None:
            return
        name = caller.f_code.co_filename
        if name in self.files or name[:8] == "<string>":  # what it has made by exec
            self._add(_python_name(frame) if event == "call" else _builtin_name(arg))

    def _add(self, name: str) -> None:
        if name.startswith(_LIBRARIES) and len(self.called) < _MOST:
            self.called[name] = None


class _Pushed:
    """A context with a mode of torch's in place: torch's own way costs as much as what the mode looks at."""

    def __init__(self, mode: TorchFunctionMode) -> None:
        self._mode = mode

    def __enter__(self) -> None:
        _push_on_torch_function_stack(self._mode)

    def __exit__(self, *_: object) -> None:
        if _pop_torch_function_stack() is not self._mode:
            sys.audit(WATCH_IS_GONE)


class _Functions(TorchFunctionMode):
    """Tells of each function of torch that is called from outside of torch's own functions.

    `tells_of_operators`: called by their names in torch.ops, too; not where `_Operators` calls them, and the profiler
    sees those of the submission.
    """

    def __init__(self, tell: Any) -> None:
        super().__init__()
        self.tells_of_operators = True
        self._tell = tell
        self._known: set[Any] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func not in self._known:
            if func == _NODE_OF:
                return _Node.of(func(*args), self._tell)
            is_operator = isinstance(func, torch._ops.OpOverload | torch._ops.OpOverloadPacket)
            if self.tells_of_operators or not is_operator:
                self._known.add(func)
                self._tell(f"torch.ops.{func}" if is_operator else _builtin_name(func))
        return func(*args, **kwargs) if kwargs else func(*args)


_NODE_OF = vars(torch._C.TensorBase)["grad_fn"].__get__


class _Node:
    """A node of autograd's graph as a submission sees it. Called, it differentiates, and only this tells of it."""

    def __init__(self, node: Any, tell: Any) -> None:
        self._node = node
        self._tell = tell

    @classmethod
    def of(cls, node: Any, tell: Any) -> Any:
        return node if node is None else type(type(node).__name__, (cls,), {})(node, tell)

    def __call__(self, *grads: Any) -> Any:
        self._tell("torch.autograd.graph.Node")
        return self._node(*grads)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._node, name)
        if name != "next_functions":
            return value
        return tuple((_Node.of(node, self._tell), position) for node, position in value)

    def __repr__(self) -> str:
        return repr(self._node)


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Tells of each operator, by the name of the function that it belongs to."""

    def __init__(self, tell: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._tell = tell

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.removeprefix("aten::").lstrip("_")
        if "backward" not in name:  # autograd's own
            self._tell(f"torch.{name.removesuffix('_forward')}")
        return func(*args, **(kwargs or {}))


# Torch wraps the method to keep it out of what it compiles, and brings two seconds of its compiler to do so.
_Operators.__torch_dispatch__ = getattr(_Operators.__torch_dispatch__, "__wrapped__", _Operators.__torch_dispatch__)  # type: ignore[method-assign]


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
    if owner in ("Tensor", "TensorBase"):
        return f"torch.Tensor.{name}"
    if module in _C_MODULES:
        return f"{_C_MODULES[module]}.{name.removeprefix('special_').lstrip('_')}"
    return f"{module}.{name}"
