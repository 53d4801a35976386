"""A GPU that is not there: a stand-in device, on which what a CUDA build refuses is refused on any machine.

Its tensors hold real numbers on the CPU, so that values, branches and gradients are what they always are; what they do
not do is meet tensors of the CPU. A factory such as `torch.zeros(3)` makes one of those, and `x + torch.zeros(3)` then
raises what it raises on a GPU, with the place at which the tensor was made. As in CUDA, numbers (0-d tensors) and
indices may come from the CPU, `.numpy()` is refused, and `.cpu()`, `.item()` and copies are allowed.

What it cannot see: kernels (other roundings, TF32, what CUDA does not implement), asynchronous errors, generators that
live on a GPU. To torch the device is called "meta"; nothing is ever computed on torch's own device of that name.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
import types
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

SIMULATED = "simulated"
SLOWER = 5  # times the CPU, or a little more: every operation passes through Python

_aten = torch.ops.aten
_META = torch.device("meta")
_INDEXING = {_aten.index.Tensor, _aten.index_put.default, _aten.index_put_.default, _aten._index_put_impl_.default}
_INDEXING |= {_aten._unsafe_index.Tensor}
_COPIES = {_aten.copy_.default, _aten._to_copy.default, _aten.set_.source_Tensor}
TWO_DEVICES = "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
NO_NUMPY = "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."


class Simulated(torch.Tensor):
    """A tensor of the stand-in device; `held` has its numbers."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> Simulated:
        tensor: Simulated = torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=_META,
            dispatch_sizes_strides_policy="sizes",  # they follow what `held` becomes in place
        )
        tensor.held = held
        return tensor

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        return _carried_out(func, args, kwargs or {}, frozenset())

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(_indices(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(_indices(index), value)

    def numpy(self, *, force: bool = False) -> Any:
        if not force:
            raise TypeError(NO_NUMPY)
        return self.detach().cpu().numpy()

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(NO_NUMPY)

    def tolist(self) -> Any:
        return self.detach().cpu().tolist()

    def __repr__(self, **kwargs: Any) -> str:  # type: ignore[override]
        return f"{self.detach().cpu()!r} on a GPU"


class _Device(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Calls in which factories that are given the device make tensors of it, and the others plain ones.

    `files`: those of the submission, in which the places of the latter are looked for.
    """

    def __init__(self, files: frozenset[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._files = files

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _carried_out(func, args, kwargs or {}, self._files)


# As in trace.py: what torch wraps the method in would import its compiler, a second of CPU in every worker.
_Device.__torch_dispatch__ = getattr(_Device.__torch_dispatch__, "__wrapped__", _Device.__torch_dispatch__)  # type: ignore[method-assign]


_LITERALS = (torch.tensor, torch.as_tensor, torch.asarray)


class _Literals(torch.overrides.TorchFunctionMode):
    """torch.tensor(numbers, device=d) and its like, which never reach the dispatcher with their numbers."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        device = kwargs.get("device")
        if func in _LITERALS and args and isinstance(args[0], list | tuple):
            args = (unwrapped(args[0]), *args[1:])  # numbers that were computed there may be read
        if func in _LITERALS and device is not None:
            if torch.device(device).type == "meta" and not (args and isinstance(args[0], Simulated)):
                made = func(*args, **{**kwargs, "device": "cpu"})
                return made.to(_META) if not made.requires_grad else made.detach().to(_META).requires_grad_()
        elif func is torch.Tensor.new_tensor and isinstance(args[0], Simulated) and device is None:
            return func(args[0].held, *args[1:], **kwargs).to(_META)
        return func(*args, **kwargs)


def on_device(device: str, files: frozenset[str]) -> contextlib.AbstractContextManager[Any]:
    """What a call needs around it to run on `device`: nothing, unless that is the stand-in."""
    if device != SIMULATED:
        return contextlib.nullcontext()
    there = contextlib.ExitStack()
    there.enter_context(_Literals())
    there.enter_context(_Device(files))
    return there


def warm_up() -> None:
    """Compute once on the device, so that a worker need not import what torch looks for then.

    That is `DTensor`, with half a second of sympy behind it. No submission has tensors spread over machines: torch is
    shown an empty class of that name, which it remembers.
    """
    name = "torch.distributed.tensor"
    if name in sys.modules:
        return
    sys.modules[name] = module = types.ModuleType(name)
    module.DTensor = type("DTensor", (torch.Tensor,), {})  # type: ignore[attr-defined]
    unwrapped(wrapped(torch.zeros(1)) + 1)
    del sys.modules[name]


def wrapped(value: Any) -> Any:
    """A copy of a CPU tensor on the stand-in device; a function of CPU tensors as one of the device's."""
    if isinstance(value, torch.Tensor):
        return Simulated(torch.empty_strided(value.shape, value.stride(), dtype=value.dtype).copy_(value))

    def function(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = tree_map_only(Simulated, lambda each: each.cpu(), (args, kwargs))
        return tree_map_only(torch.Tensor, lambda each: each.to(_META), value(*args, **kwargs))

    return function


def unwrapped(value: Any) -> Any:
    """`value` with CPU tensors in the place of the device's."""
    if isinstance(value, Simulated):
        plain: Any = value.detach()
        return plain.held
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(unwrapped(item) for item in value)
    if type(value) is dict:
        return {key: unwrapped(item) for key, item in value.items()}
    return value


def _indices(index: Any) -> Any:
    """An index with tensors in the place of lists, of which torch would make tensors without numbers."""
    if isinstance(index, tuple):
        return tuple(map(_indices, index))
    if isinstance(index, list | range) and not any(isinstance(each, torch.Tensor | slice) for each in index):
        return torch.tensor(list(index))
    return index


def device_of(tensor: torch.Tensor) -> str:
    """The type of a tensor's device."""
    return SIMULATED if isinstance(tensor, Simulated) else tensor.device.type


def _carried_out(func: Any, args: Any, kwargs: dict[str, Any], files: frozenset[str]) -> Any:
    tensors: list[torch.Tensor] = []
    plain_args, plain_kwargs = _plain(args, tensors), _plain(kwargs, tensors)
    mine = [each for each in tensors if isinstance(each, Simulated)]
    if mine and len(mine) < len(tensors):
        _refuse_a_mixture(func, args, tensors)
    asked = kwargs.get("device")
    there = bool(mine) if asked is None else torch.device(asked).type == "meta"
    if asked is not None and there:
        plain_kwargs["device"] = torch.device("cpu")
    out = func(*plain_args, **plain_kwargs)
    if not there:
        if not mine:
            _note_where_made(out, tensors, files)
        return out
    if func in (_aten.copy_.default, _aten.set_.source_Tensor) or func._schema.is_mutable:
        back = {id(each.held): each for each in mine}
        return tree_map_only(torch.Tensor, lambda each: back.get(id(each)) if id(each) in back else _held(each), out)
    return _held(out) if isinstance(out, torch.Tensor) else tree_map_only(torch.Tensor, _held, out)


def _plain(value: Any, tensors: list[torch.Tensor]) -> Any:
    """An operator's arguments with what tensors of the device hold; all `tensors` in them are noted.

    It is called for every operation; torch's own trees take five times as long.
    """
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return value.held if isinstance(value, Simulated) else value
    if type(value) is tuple or type(value) is list:
        return type(value)([_plain(each, tensors) for each in value])
    if type(value) is dict:
        return {key: _plain(each, tensors) for key, each in value.items()}
    return value


def _held(tensor: torch.Tensor) -> torch.Tensor:
    return tensor if isinstance(tensor, Simulated) else Simulated(tensor)


def _refuse_a_mixture(func: Any, args: Any, tensors: list[torch.Tensor]) -> None:
    """Raise what CUDA raises where tensors of two devices meet, unless it lets them."""
    if func in _COPIES:
        return
    foreign = [each for each in tensors if not isinstance(each, Simulated)]
    if func in _INDEXING:  # indices may lie on the CPU, and so may the number that is put somewhere
        allowed = [each for each in args[1] if each is not None] + [each for each in args[2:3] if _is_number(each)]
        foreign = [each for each in foreign if not any(each is one for one in allowed)]
    elif torch.Tag.pointwise in func.tags or func in _TAKES_NUMBERS:
        foreign = [each for each in foreign if not _is_number(each)]
    if not foreign:
        return
    if any(each.is_meta for each in foreign):
        raise NotImplementedError("the stand-in for a GPU does not know where this tensor comes from")
    place = getattr(foreign[0], "_made_at", None)
    raise RuntimeError(TWO_DEVICES + (f" On the CPU is line {place[0]}: {place[1]}" if place else ""))


_TAKES_NUMBERS = {_aten.masked_fill.Tensor, _aten.masked_fill_.Tensor, _aten.fill_.Tensor, _aten.fill.Tensor}


def _is_number(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0


def _note_where_made(out: Any, tensors: list[torch.Tensor], files: frozenset[str]) -> None:
    """Mark a tensor of the CPU with the line and the expression that made it, or what it came from."""
    places = [place for each in tensors if (place := getattr(each, "_made_at", None)) is not None]
    place = places[0] if places else _place(files)
    if place is not None:
        for each in tree_leaves(out):
            if isinstance(each, torch.Tensor):
                each._made_at = place  # type: ignore[attr-defined]


def _place(files: frozenset[str]) -> tuple[int, str] | None:
    """The line of the submission that is being carried out, and in it the expression."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return None
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    line, end_line, start, end = positions
    source = linecache.getline(frame.f_code.co_filename, line or frame.f_lineno).rstrip("\n")
    if line is not None and line == end_line and start is not None and end is not None:
        source = source.encode()[start:end].decode(errors="replace")
    return line or frame.f_lineno, source.strip()
