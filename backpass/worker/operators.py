"""Shortcuts below Python: kernels of torch that do the whole job tell when they are called, however they are reached.

What torch carries out in the end is a kernel, found by its dispatcher. So neither another name nor TorchScript, neither
a mode that is taken off nor a dispatcher that is called by hand gets past these, and all others cost what they always
did. They are told of by kind: those that do in one go what some exercise asks for. Which of them an exercise may use is
the course's to say (`shortcuts` in course.toml).
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

CALLED = "backpass.called"  # the audit event that tells as well: a submission can clear a dictionary, and no hook
called: dict[str, None] = {}  # the operators that were called, by the names of their functions

_KINDS = re.compile(
    r"softmax|log_softmax|sparse_(log_)?softmax|masked_softmax|sigmoid|log_sigmoid|tanh|relu|relu6|prelu|prelu_kernel"
    r"|leaky_relu|rrelu_with_noise|elu|celu|selu|gelu|silu|mish|softplus|softshrink|hardshrink|hardtanh|hardsigmoid"
    r"|hardswish|glu|.*_loss(2d)?|.*cross_entropy.*|.*dropout|fused_.*"
    r"|.*(batch|layer|group|instance|rms)_norm.*|.*dot_product_.*attention.*"
    r"|to_mkldnn|mkldnn_rnn_layer"  # the way to kernels that cannot be had by their key
)
_FUSED = re.compile(r"mkldnn::.*_pointwise.*")  # any activation behind a layer
_KEYS = ("CPU", "CUDA", "SparseCPU", "NestedTensorCPU", "QuantizedCPU")

_libraries: dict[str, Any] = {}  # by namespace; they keep the kernels in place


def put_in_place() -> None:
    """Have the kernels of these operators tell of themselves, from now on; older versions of torch do not know how."""
    if not hasattr(torch.library, "get_kernel"):
        return
    with warnings.catch_warnings(action="ignore"):  # that there were kernels before
        for operator, key in watched():
            kernel = torch.library.get_kernel(operator, key)
            library = operator.partition("::")[0]
            if library not in _libraries:
                _libraries[library] = torch.library.Library(library, "IMPL")  # type: ignore[no-untyped-call]
            _libraries[library].impl(operator, _telling(name_of(operator), kernel), key, with_keyset=True)


def watched() -> Iterator[tuple[str, str]]:
    """The operators that tell, as `aten::relu_`, with the keys of their kernels."""
    for operator in torch._C._dispatch_get_all_op_names():
        if "backward" in operator:  # autograd's own
            continue
        is_of_a_kind = operator.startswith("aten::") and _KINDS.fullmatch(name_of(operator).removeprefix("torch."))
        if not is_of_a_kind and not _FUSED.fullmatch(operator):
            continue
        for key in _KEYS:
            kinds = (key, "CompositeExplicitAutograd") if key == "CPU" else (key,)
            if any(torch._C._dispatch_has_kernel_for_dispatch_key(operator, kind) for kind in kinds):
                yield operator, key


def name_of(operator: str) -> str:
    """The name of the function that an operator belongs to: `torch.relu` for `aten::relu_`."""
    if not operator.startswith("aten::"):
        return f"torch.ops.{operator.partition('.')[0].replace('::', '.')}"
    name = operator.removeprefix("aten::").partition(".")[0].strip("_")
    return f"torch.{name.removesuffix('_forward')}"


def telling(name: str) -> Callable[[], None]:
    """What notes that a function is called; of the names of this module, which can be reached, it needs none then."""
    note, audit, event = called.__setitem__, sys.audit, CALLED

    def tell() -> None:
        note(name, None)
        audit(event, name)

    return tell


def _telling(name: str, kernel: Any) -> Callable[..., Any]:
    tell_of_it = telling(name)

    def tell(keys: Any, *args: Any, **kwargs: Any) -> Any:
        tell_of_it()
        return kernel.call_boxed(keys, *args, **kwargs)

    return tell
