"""Calling one function of a submission, and writing down everything that a grader wants to know of the call.

The same code runs in a worker (hidden graders) and in the student's own pytest (public checks), so that
both see the same behaviour.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TextIO

import numpy
import torch

from backpass.worker import operators
from backpass.worker.calls import MAX_ERROR_TEXT, MAX_PRINTED, NO_GRADIENT, PRINTED, Answer, Call, Raised
from backpass.worker.guards import compiled
from backpass.worker.simulated import SIMULATED, device_of, on_device, unwrapped, wrapped
from backpass.worker.trace import Trace
from backpass.worker.wire import MAX_DEPTH, Seed

_UNWATCHED = contextlib.nullcontext
_FULL_TRACE_EVERY = 8  # calls of one request
_GROUPS, _NUMBERS = (list, tuple, dict), frozenset({int, float, bool})
# Names of the kit's own: a submission may give torch.equal another function.
_equal, _torch_state = torch.equal, torch.get_rng_state
_python_state, _numpy_state = random.getstate, numpy.random.get_state


class Printed(io.TextIOBase):
    """A standard output that keeps the beginning of what is printed; it goes on to `echo` as well.

    `tell` hears of it line by line, so that what was printed is known of a call that never ends.
    """

    def __init__(self, echo: TextIO | None = None, tell: Callable[[str], None] = lambda text: None) -> None:
        self.text = ""
        self._told = 0  # characters
        self._to_tell = MAX_PRINTED
        self._echo = echo
        self._tell = tell

    def write(self, text: str) -> int:
        self.text += text[: MAX_PRINTED - len(self.text)]
        if len(self.text) > self._told and self._to_tell > 0 and ("\n" in text or len(self.text) == MAX_PRINTED):
            self._tell(self.text[self._told :])
            self._to_tell -= len(self.text) - self._told
            self._told = len(self.text)
        if self._echo is not None:
            self._echo.write(text)
        return len(text)

    def take(self) -> str:
        """What was printed since the last time."""
        text, self.text, self._told = self.text, "", 0
        return text


def invoke_all(
    function: Callable[..., Any],
    calls: Sequence[Call],
    files: frozenset[str] = frozenset(),
    printed: Printed | None = None,
) -> list[Answer]:
    """`invoke` for each of `calls`, watched: what they print, change and call is in the answers.

    `files` are the submission's file names; there are none for trusted code, and its calls are not noted.
    Random state that some call changed is reported with every answer. `printed`: where what they print goes.
    """
    _stir_global_randomness()
    before = _random_state()
    printed = printed or Printed()
    operators.called.clear()
    trace = Trace(files, deep=any(call.deep_trace for call in calls)) if files else None
    answers = []
    with contextlib.redirect_stdout(printed):
        for position, call in enumerate(calls):
            modes = _modes()
            answer = invoke(function, call, files, trace, in_full=call.deep_trace or position % _FULL_TRACE_EVERY == 0)
            text = printed.take()
            effects = _put_back(modes) + ((PRINTED,) if text else ())
            answers.append(replace(answer, side_effects=effects, printed=text) if effects else answer)
    if trace:
        answers[:1] = [replace(first, called=(*trace.called, *compiled, *operators.called)) for first in answers[:1]]
    after = _random_state()
    disturbed = tuple(name for name, old in before.items() if old != after[name])
    if disturbed:
        answers = [replace(answer, side_effects=answer.side_effects + disturbed) for answer in answers]
    return answers


def invoke(
    function: Callable[..., Any],
    call: Call,
    files: frozenset[str] = frozenset(),
    trace: Trace | None = None,
    *,
    in_full: bool = False,
) -> Answer:
    """Call `function` once (or `call.times` times) on fresh copies of the arguments, watched by `trace`."""
    inputs = {name: fresh(value, call.device) for name, value in {**call.args, **call.kwargs}.items()}
    args = [inputs[name] for name in call.args]
    kwargs = {name: inputs[name] for name in call.kwargs}
    value, raised = None, None
    watch = trace.fully if trace and in_full else trace.lightly if trace else _UNWATCHED
    try:
        with on_device(call.device, files):
            if call.cotangent is not None:
                cotangent = fresh(call.cotangent, call.device)
                value = _vector_jacobian_product(function, inputs, args, kwargs, cotangent, watch())
            elif call.vmapped:
                with watch():
                    value = _vmapped(function, inputs, call)
            else:
                with watch():
                    value = function(*args, **kwargs)
                if call.times > 1:
                    with trace.lightly() if trace else _UNWATCHED():
                        value = [value, *(function(*args, **kwargs) for _ in range(call.times - 1))]
    except BaseException as error:
        raised = describe(error, files)
    devices, kept, touched = _devices(value), _kept(inputs, value), _touched(inputs)
    if call.device == SIMULATED:
        if not _devices(inputs):  # its generator, which stays on the CPU, says where a result belongs
            devices = (SIMULATED,) if devices == ("cpu",) else devices
        value, inputs = unwrapped(value), unwrapped(inputs)
    given = {**call.args, **call.kwargs}
    changed = {name: value for name, value in inputs.items() if not _untouched(given[name], value)}
    return Answer(value, raised, changed, devices, kept=kept, touched=touched)


class _Lent:
    """A function that a call is given, with the tensors that it has returned."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__doc__ = function.__doc__
        self.key = getattr(function, "key", None)
        self.returned: list[tuple[torch.Tensor, int]] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        value = self._function(*args, **kwargs)
        if isinstance(value, torch.Tensor) and not value.is_inference():  # inference keeps no count of changes
            self.returned.append((value, value._version))
        return value


def _touched(inputs: dict[str, Any]) -> tuple[str, ...]:
    lent = {name: value for name, value in inputs.items() if isinstance(value, _Lent)}
    return tuple(
        name for name, each in lent.items() if any(value._version != version for value, version in each.returned)
    )


def _kept(inputs: dict[str, Any], value: Any) -> tuple[str, ...]:
    if type(value) is not dict:
        return ()
    given = {id(each) for group in inputs.values() if isinstance(group, dict) for each in group.values()}
    return tuple(key for key, each in value.items() if type(key) is str and id(each) in given)


def _untouched(before: Any, after: Any) -> bool:
    """Whether an argument is what it was when it was passed; a list may hold anything by now."""
    if isinstance(before, torch.Tensor):
        if not isinstance(after, torch.Tensor) or before.shape != after.shape or before.dtype != after.dtype:
            return False
        old, new = before.detach(), after.detach().to(before.device)
        return _equal(old, new) or (old.is_floating_point() and _equal(old.nan_to_num(), new.nan_to_num()))
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_untouched(before[key], after[key]) for key in before)
    if isinstance(before, set):
        return isinstance(after, set) and before == after
    if type(before) is float or type(before) is int:
        return type(after) is type(before) and (after == before or (before != before and after != after))
    return True


def describe(error: BaseException, files: frozenset[str]) -> Raised:
    """`error` as data; its own code (`__str__`) may be the student's and may fail."""
    line, source, function = None, "", ""
    columns: tuple[int | None, int | None] = (None, None)
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be shown)"
    if isinstance(error, SyntaxError):
        line, source, text = error.lineno, error.text or "", error.msg
        if error.offset:
            start, end = error.offset - 1, error.end_offset or 0
            columns = start, end - 1 if error.end_lineno == line and end - 1 > start else start + 1
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in files:
                line, function = frame.lineno, frame.name
                source = linecache.getline(frame.filename, frame.lineno or 0)
                columns = frame.colno, frame.end_colno if frame.end_lineno == frame.lineno else len(source.rstrip())
    return Raised(
        type(error).__name__,
        text[:MAX_ERROR_TEXT],
        line,
        source.strip()[:MAX_ERROR_TEXT],
        function,
        _within(source, *columns),
    )


def _within(source: str, start: int | None, end: int | None) -> tuple[int, int] | None:
    """Columns of a line as those of its text without what it is indented by."""
    indent = len(source) - len(source.lstrip())
    if start is None or end is None or not indent <= start < end:
        return None
    return start - indent, min(end - indent, MAX_ERROR_TEXT)


def fresh(value: Any, device: str) -> Any:
    """A copy of an argument, for one call."""
    if isinstance(value, Seed):
        return value.generator("cpu" if device == SIMULATED else device)
    if device == SIMULATED and isinstance(value, torch.Tensor):
        return wrapped(value)
    if isinstance(value, torch.Tensor):
        return value.to(device, copy=True)  # keeps strides
    if isinstance(value, list | tuple):
        return type(value)(fresh(item, device) for item in value)
    if isinstance(value, dict):
        return {key: fresh(item, device) for key, item in value.items()}
    if isinstance(value, set):
        return set(value)
    if callable(value):
        return _Lent(wrapped(value) if device == SIMULATED else value)
    return value


def _vmapped(function: Callable[..., Any], inputs: dict[str, Any], call: Call) -> Any:
    def of(tensors: dict[str, torch.Tensor]) -> Any:
        given = inputs | tensors
        return function(*(given[name] for name in call.args), **{name: given[name] for name in call.kwargs})

    tensors = {name: torch.stack([value, value]) for name, value in inputs.items() if isinstance(value, torch.Tensor)}
    return torch.func.vmap(of)(tensors)


def _vector_jacobian_product(
    function: Callable[..., Any],
    inputs: dict[str, Any],
    args: list[Any],
    kwargs: dict[str, Any],
    cotangent: Any,
    watch: contextlib.AbstractContextManager[Any],
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
    with torch.enable_grad(), watch:
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
    """The types of the devices of the tensors in a value."""
    found: dict[str, None] = {}
    _note_devices(value, found, 0)
    return tuple(found)


def _note_devices(value: Any, found: dict[str, None], depth: int) -> None:
    if isinstance(value, torch.Tensor):
        found[device_of(value)] = None
    elif isinstance(value, _GROUPS) and depth <= MAX_DEPTH:
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) not in _NUMBERS:
                _note_devices(item, found, depth + 1)


def _stir_global_randomness() -> None:
    """Move the global generators on, so that a call that seeds them always leaves them changed."""
    torch.rand(1)
    random.random()
    numpy.random.random()


def _random_state() -> dict[str, Any]:
    kind, keys, *rest = _numpy_state(legacy=True)
    return {
        "torch's global random state": _torch_state().numpy().tobytes(),
        "Python's global random state": _python_state(),
        "NumPy's global random state": (kind, numpy.asarray(keys).tobytes(), *rest),
    }


def _modes() -> tuple[Any, ...]:
    return torch.get_default_dtype(), torch.is_grad_enabled()


def _put_back(before: tuple[Any, ...]) -> tuple[str, ...]:
    """Restore the modes that later calls rest on; the names of those that were changed."""
    after = _modes()
    if after == before:
        return ()
    torch.set_default_dtype(before[0])
    torch.set_grad_enabled(before[1])
    names = ("torch's default dtype", "whether torch records gradients")
    return tuple(name for name, old, new in zip(names, before, after, strict=True) if old != new)
