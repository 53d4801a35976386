"""Calling one function of a submission, and writing down everything that a grader wants to know of the call.

The same code runs in a worker (hidden graders) and in the student's own pytest (public checks), so that
both see the same behaviour.
"""

from __future__ import annotations

import contextlib
import io
import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch

from backpass.worker.trace import Trace
from backpass.worker.wire import Seed

MAX_ERROR_TEXT = 240


@dataclass(frozen=True)
class Call:
    """One call to make.

    `cotangent`: also differentiate, and answer with the vector-Jacobian products by argument name; a function
    of several outputs has a cotangent for each, and the tensors of a list have a name each, as in `weights[0]`.
    `times`: call that often with the same arguments and generator, and answer with the list of results.
    `trace`: note which library functions the submission itself calls. `device`: where to put the arguments.
    """

    args: dict[str, Any]
    kwargs: dict[str, Any] = field(default_factory=dict)
    cotangent: Any = None
    times: int = 1
    trace: bool = False
    device: str = "cpu"

    def pack(self) -> dict[str, Any]:
        return vars(self)


@dataclass(frozen=True)
class Raised:
    """An exception of the submission: its type, its text (trimmed), and where in the submission it arose."""

    kind: str
    text: str
    line: int | None = None
    source: str = ""

    @property
    def todo(self) -> bool:
        # torch raises it as well, for an operation that a dtype does not have.
        return self.kind == "NotImplementedError" and (not self.source or "raise" in self.source)


@dataclass(frozen=True)
class Answer:
    """What came of a call: a value or an exception, the arguments afterwards, and what else changed."""

    value: Any = None
    raised: Raised | None = None
    after: dict[str, Any] = field(default_factory=dict)
    devices: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    called: tuple[str, ...] = ()

    def pack(self) -> dict[str, Any]:
        packed = dict(vars(self))
        packed["raised"] = None if self.raised is None else vars(self.raised)
        return packed

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> Answer:
        raised = packed.pop("raised", None)
        return cls(raised=None if raised is None else Raised(**raised), **packed)


NO_GRADIENT = "no gradient"
PRINTED = "standard output"


class _Printed(io.TextIOBase):
    """A standard output that only notes whether it was used."""

    used = False

    def write(self, text: str) -> int:
        self.used = True
        return len(text)


def invoke(function: Callable[..., Any], call: Call, files: frozenset[str] = frozenset()) -> Answer:
    """Call `function` once (or `call.times` times) on fresh copies of the arguments.

    `files` are the submission's file names: the last line of a traceback in one of them is reported.
    """
    inputs = {name: _fresh(value, call.device) for name, value in {**call.args, **call.kwargs}.items()}
    args = [inputs[name] for name in call.args]
    kwargs = {name: inputs[name] for name in call.kwargs}
    _stir_global_randomness()
    watch = _global_state()
    trace = Trace(files)
    printed = _Printed()
    value, raised = None, None
    try:
        with contextlib.redirect_stdout(printed):
            if call.cotangent is not None:
                value = _vector_jacobian_product(function, inputs, args, kwargs, _fresh(call.cotangent, call.device))
            elif call.trace:
                with trace:
                    value = function(*args, **kwargs)
            elif call.times > 1:
                value = [function(*args, **kwargs) for _ in range(call.times)]
            else:
                value = function(*args, **kwargs)
    except BaseException as error:
        raised = describe(error, files)
    effects = _changed(watch) + ((PRINTED,) if printed.used else ())
    after = {name: value for name, value in inputs.items() if not isinstance(value, torch.Generator)}
    return Answer(value, raised, after, _devices(value), effects, tuple(trace.called))


def describe(error: BaseException, files: frozenset[str]) -> Raised:
    """`error` as data; its own code (`__str__`) may be the student's and may fail."""
    line, source = None, ""
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be shown)"
    if isinstance(error, SyntaxError):
        line, source, text = error.lineno, error.text or "", error.msg
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in files:
                line, source = frame.lineno, frame.line or ""
    return Raised(type(error).__name__, text[:MAX_ERROR_TEXT], line, source.strip()[:MAX_ERROR_TEXT])


def _fresh(value: Any, device: str) -> Any:
    if isinstance(value, Seed):
        return value.generator(device)
    if isinstance(value, torch.Tensor):
        return value.to(device, copy=True)  # keeps strides
    if isinstance(value, list | tuple):
        return type(value)(_fresh(item, device) for item in value)
    return value


def _vector_jacobian_product(
    function: Callable[..., Any], inputs: dict[str, Any], args: list[Any], kwargs: dict[str, Any], cotangent: Any
) -> Any:
    named = {}
    for name, value in inputs.items():
        items = {f"{name}[{index}]": item for index, item in enumerate(value)} if isinstance(value, list) else {}
        named.update(items or {name: value})
    leaves = {
        name: value.requires_grad_()
        for name, value in named.items()
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    }
    with torch.enable_grad():
        out = function(*args, **kwargs)
    outs, cotangents = (list(each) if isinstance(each, list | tuple) else [each] for each in (out, cotangent))
    pairs = [
        (each, factor.reshape(each.shape))
        for each, factor in zip(outs, cotangents, strict=False)
        if isinstance(each, torch.Tensor) and each.requires_grad
    ]
    if not pairs:
        return dict.fromkeys(leaves, NO_GRADIENT)
    results, factors = zip(*pairs, strict=True)
    grads = torch.autograd.grad(results, list(leaves.values()), factors, allow_unused=True)
    return {name: NO_GRADIENT if grad is None else grad for (name, _), grad in zip(leaves.items(), grads, strict=True)}


def _devices(value: Any) -> tuple[str, ...]:
    if isinstance(value, torch.Tensor):
        return (value.device.type,)
    if isinstance(value, list | tuple):
        return tuple(device for item in value for device in _devices(item))
    if isinstance(value, dict):
        return tuple(device for item in value.values() for device in _devices(item))
    return ()


def _stir_global_randomness() -> None:
    """Move the global generators on, so that a call that seeds them always leaves them changed."""
    torch.rand(1)
    random.random()
    numpy.random.random()


def _global_state() -> dict[str, Any]:
    return {
        "torch's global random state": torch.get_rng_state(),
        "Python's global random state": random.getstate(),
        "NumPy's global random state": tuple(numpy.random.get_state(legacy=True))[1:3],
        "torch's default dtype": torch.get_default_dtype(),
        "whether torch records gradients": torch.is_grad_enabled(),
    }


def _changed(before: dict[str, Any]) -> tuple[str, ...]:
    """Names of the global state that the call left changed; the modes that later calls rest on are put back."""
    after = _global_state()
    effects = []
    for name, old in before.items():
        new = after[name]
        if isinstance(old, torch.Tensor):
            same = torch.equal(old, new)
        elif isinstance(old, tuple) and len(old) == 2:
            same = bool((old[0] == new[0]).all()) and old[1] == new[1]
        else:
            same = old == new
        if not same:
            effects.append(name)
    torch.set_default_dtype(before["torch's default dtype"])
    torch.set_grad_enabled(before["whether torch records gradients"])
    return tuple(effects)
