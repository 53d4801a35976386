"""Shortcuts below Python: kernels of torch that do the whole job tell when they are called, however they are reached.

What torch carries out in the end is a kernel, found by its dispatcher. So neither another name nor TorchScript, neither
a mode that is taken off nor a dispatcher that is called by hand gets past these, and all others cost what they always
did. They are told of by kind: those that do in one go what some exercise asks for. Which of them an exercise may use is
the course's to say (`shortcuts` in course.toml).
"""

from __future__ import annotations

import functools
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch._C import _current_graph_task_id

CALLED = "backpass.called"  # the audit event that tells as well: a submission can clear a dictionary, and no hook
called: dict[str, None] = {}  # the operators that were called, by the names of their functions

_KINDS = re.compile(
    r"softmax|log_softmax|sparse_(log_)?softmax|masked_softmax|sigmoid|log_sigmoid|tanh|relu|relu6|prelu|prelu_kernel"
    r"|leaky_relu|rrelu_with_noise|elu|celu|selu|gelu|silu|mish|softplus|softshrink|hardshrink|hardtanh|hardsigmoid"
    r"|hardswish|glu|.*_loss(2d)?|.*cross_entropy.*|.*dropout|fused_.*"
    r"|.*(batch|layer|group|instance|rms)_norm.*|.*dot_product_.*attention.*"
    r"|threshold|kl_div|amp_.*|weight_norm_interface"
    r"|to_mkldnn|mkldnn_rnn_layer"  # the way to kernels that cannot be had by their key
)
_BACKWARD = re.compile(rf"({_KINDS.pattern}|convolution|linear)_backward.*")  # what some exercises ask for, too
_FUSED = re.compile(r"mkldnn::.*_pointwise.*")  # any activation behind a layer
_KEYS = ("CPU", "CUDA", "SparseCPU", "NestedTensorCPU", "QuantizedCPU")
# What is made of other operators has one kernel for all keys; these are the first that a call comes to.
_COMPOSITE, _KEYS_OF_COMPOSITES = (
    "CompositeImplicitAutograd",
    ("CPU", "AutogradCPU", "FuncTorchBatched", "CUDA", "AutogradCUDA"),
)

_libraries: dict[str, Any] = {}  # by namespace; they keep the kernels in place


def put_in_place() -> None:
    """Have the kernels of these operators tell of themselves, from now on; older versions of torch do not know how."""
    if not hasattr(torch.library, "get_kernel"):
        return
    with warnings.catch_warnings(action="ignore"):  # that there were kernels before
        # All of them first: a kernel for one key changes what an operator has for others.
        kernels = [(operator, key, torch.library.get_kernel(operator, key)) for operator, key in watched()]
        for operator, key, kernel in kernels:
            library = operator.partition("::")[0]
            if library not in _libraries:
                _libraries[library] = torch.library.Library(library, "IMPL")  # type: ignore[no-untyped-call]
            _libraries[library].impl(operator, _telling(name_of(operator), kernel), key, with_keyset=True)


def watched() -> Iterator[tuple[str, str]]:
    """The operators that tell, as `aten::relu_`, with the keys of their kernels."""
    has_kernel = torch._C._dispatch_has_kernel_for_dispatch_key
    for operator in torch._C._dispatch_get_all_op_names():
        kinds = _BACKWARD if "backward" in operator else _KINDS
        is_of_a_kind = operator.startswith("aten::") and kinds.fullmatch(name_of(operator).removeprefix("torch."))
        if not is_of_a_kind and not _FUSED.fullmatch(operator):
            continue
        if has_kernel(operator, _COMPOSITE):
            yield from ((operator, key) for key in _KEYS_OF_COMPOSITES)
            continue
        for key in _KEYS:
            if any(
                has_kernel(operator, each) for each in ((key, "CompositeExplicitAutograd") if key == "CPU" else (key,))
            ):
                yield operator, key


def name_of(operator: str) -> str:
    """The name of the function that an operator belongs to: `torch.relu` for `aten::relu_`."""
    if not operator.startswith("aten::"):
        return f"torch.ops.{operator.partition('.')[0].replace('::', '.')}"
    name = operator.removeprefix("aten::").partition(".")[0].strip("_")
    return f"torch.{name.removesuffix('_forward')}"


def sealed(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, as one that nobody can look into, for what stands between a submission and an original."""
    seal: Any = functools.lru_cache(maxsize=0)(function)
    seal.__wrapped__ = lambda *args, **kwargs: None  # torch's compiler asks for what is wrapped, one for each
    return seal  # type: ignore[no-any-return]


def telling(name: str) -> Callable[[], None]:
    """What notes that a function is called; of the names of this module, which can be reached, it needs none then."""
    note, audit, event = called.__setitem__, sys.audit, CALLED

    def tell() -> None:
        note(name, None)
        audit(event, name)

    return sealed(tell)


def _telling(name: str, kernel: Any) -> Callable[..., Any]:
    tell_of_it = telling(name)
    # What autograd's engine calls in its own time is none of the submission's doing.
    in_the_engine = _current_graph_task_id if "backward" in name else _nowhere

    def tell(keys: Any, *args: Any, **kwargs: Any) -> Any:
        if in_the_engine() < 0:
            tell_of_it()
        return kernel.call_boxed(keys, *args, **kwargs)

    return tell


def _nowhere() -> int:
    return -1
