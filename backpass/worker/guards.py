"""Ways past the watch over library calls (`backpass.worker.trace`), each with a guard that tells when it is taken.

Torch can take its modes off, hand them out, and run its gradient engine without a function that they see; Python
hands out the profiler. None of that is refused. A guarded function first raises an audit event, which
`backpass.worker.attempts` notes where a submission calls it. What TorchScript compiles, which the modes do not see
into either, is written down in `compiled`.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections import defaultdict
from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
import torch.overrides
import torch.utils._python_dispatch

from backpass.worker.operators import sealed

PAST_THE_WATCH = "backpass.past_the_watch"  # a guarded function is called
WATCH_IS_GONE = "backpass.watch_is_gone"  # what the trace put in place is not there any more

compiled: dict[str, None] = {}  # the operators of what a submission has compiled, by the names of their functions

_NAMES = {
    "torch._C": (
        *("DisableTorchFunction", "_DisableTorchDispatch", "_set_torch_function_state", "_ImperativeEngine"),
        *("_skip_one_hop_torch_function", "_set_skip_next_torch_function"),
        *("_pop_torch_function_stack", "_get_function_stack_at", "_len_torch_function_stack"),
        *("_pop_torch_dispatch_stack", "_get_dispatch_stack_at", "_len_torch_dispatch_stack"),
        *("_unset_dispatch_mode", "_get_dispatch_mode", "_jit_get_operation", "_get_operation_overload"),
        *("_enter_dual_level", "import_ir_module", "import_ir_module_from_buffer", "_import_ir_module_from_package"),
        *("_load_for_lite_interpreter", "_load_for_lite_interpreter_from_buffer", "_create_function_from_trace"),
        *("_create_function_from_trace_with_dict", "_jit_script_compile", "_jit_script_compile_overload"),
    ),
    "torch._C._functorch": ("_grad_increment_nesting", "_jvp_increment_nesting"),
    "torch.overrides": (
        *("_pop_mode", "_pop_mode_temporarily", "_get_current_function_mode", "_get_current_function_mode_stack"),
    ),
    "torch.utils._python_dispatch": (
        *("_pop_mode", "_pop_mode_temporarily", "_disable_current_modes"),
        *("_get_current_dispatch_mode", "_get_current_dispatch_mode_stack"),
    ),
    "torch.jit": ("CompilationUnit", "load"),
    "sys": ("getprofile",),
    "signal": ("signal",),  # a handler is given the frame that it interrupts
}


def put_in_place() -> None:
    """Guard the ways past the watch, under all the names by which modules of this process know them."""
    _let_torch_through()
    guarded: dict[int, tuple[Any, Any]] = {}
    for owner, names in _NAMES.items():
        for name in names:
            original = getattr(sys.modules[owner], name, None)  # versions of torch differ
            if original is not None:
                guarded[id(original)] = original, _guard(original)
    exchange(guarded, "torch", "sys", "signal", "_signal")
    for name in ("script", "trace"):
        setattr(torch.jit, name, _noting_operators(getattr(torch.jit, name)))
    variable: Any = torch.autograd.Variable
    variable._execution_engine = _Engine(variable._execution_engine)


def _let_torch_through() -> None:
    """Have torch's functions that are written in Python go past the modes, on their way, without a guard."""
    own = dict(vars(torch.overrides))
    for name in ("handle_torch_function", "_pop_mode", "_pop_mode_temporarily"):
        function = vars(torch.overrides).get(name)
        inside = getattr(function, "__wrapped__", function)
        if isinstance(inside, FunctionType):  # versions of torch differ
            own[name] = FunctionType(inside.__code__, own, name, inside.__defaults__)
            own[name].__kwdefaults__ = inside.__kwdefaults__
            own[name] = own[name] if inside is function else contextlib.contextmanager(own[name])
    before, after = torch.overrides.handle_torch_function, own["handle_torch_function"]
    exchange({id(before): (before, functools.update_wrapper(after, before, updated=()))}, "torch")


def exchange(guarded: dict[int, tuple[Any, Any]], *libraries: str) -> None:
    """Put guards in the place of what they guard, by id, under all names in the modules of some libraries."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in libraries:
            continue
        for alias, value in list(vars(module).items()):
            if id(value) in guarded and value is guarded[id(value)][0]:
                setattr(module, alias, guarded[id(value)][1])
            elif type(value) in (dict, defaultdict) and alias != "__builtins__":
                _exchange_in(value, guarded)


def _exchange_in(table: dict[Any, Any], guarded: dict[int, tuple[Any, Any]]) -> None:
    """The same in a table of functions, or of tables, such as that of torch's decompositions."""
    for key, value in list(table.items()):
        if id(value) in guarded and value is guarded[id(value)][0]:
            table[key] = guarded[id(value)][1]
        elif type(value) in (dict, defaultdict) and value is not table:
            for inner, each in list(value.items()):
                if id(each) in guarded and each is guarded[id(each)][0]:
                    value[inner] = guarded[id(each)][1]


def _noting_operators(compiler: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(compiler, updated=())
    def compile_and_note(*args: Any, **kwargs: Any) -> Any:
        result = compiler(*args, **kwargs)
        graph = getattr(result, "inlined_graph", None)
        for node in graph.nodes() if graph is not None else ():
            compiled[f"torch.{node.kind().removeprefix('aten::').lstrip('_')}"] = None
        return result

    return sealed(compile_and_note)


def _guard(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original, updated=())
    def guard(*args: Any, **kwargs: Any) -> Any:
        sys.audit(PAST_THE_WATCH)
        return original(*args, **kwargs)

    return sealed(guard)


class _Engine:
    """Autograd's engine, with a guard before its methods."""

    def __init__(self, engine: Any) -> None:
        self.run_backward = _guard(engine.run_backward)
        self.queue_callback = _guard(engine.queue_callback)
        self.is_checkpoint_valid = engine.is_checkpoint_valid
