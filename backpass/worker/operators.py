"""Shortcuts below Python: kernels of torch that do the whole job tell when they are called, however they are reached.

What torch carries out in the end is a kernel, found by its dispatcher. So neither another name nor TorchScript, neither
a mode that is taken off nor a dispatcher that is called by hand gets past these, and all others cost what they always
did. They are told of by kind: those that do in one go what some exercise asks for. Which of them an exercise may use is
the course's to say (`shortcuts` in course.toml).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

called: dict[str, None] = {}  # the operators that were called, by the names of their functions

_KINDS = re.compile(
    r"softmax|log_softmax|sparse_(log_)?softmax|masked_softmax|sigmoid|log_sigmoid|tanh|relu|relu6|prelu|prelu_kernel"
    r"|leaky_relu|rrelu_with_noise|elu|celu|selu|gelu|silu|mish|softplus|softshrink|hardshrink|hardtanh|hardsigmoid"
    r"|hardswish|glu|.*_loss(2d)?|.*cross_entropy.*|.*dropout|fused_.*"
    r"|.*(batch|layer|group|instance|rms)_norm.*|.*dot_product_.*attention.*"
)
_KEYS = ("CPU", "CUDA", "SparseCPU", "NestedTensorCPU", "QuantizedCPU")

_library: Any = None  # which keeps the kernels in place


def put_in_place() -> None:
    """Have the kernels of these operators tell of themselves, from now on; older versions of torch do not know how."""
    global _library
    if not hasattr(torch.library, "get_kernel"):
        return
    _library = torch.library.Library("aten", "IMPL")  # type: ignore[no-untyped-call]
    with warnings.catch_warnings(action="ignore"):  # that there were kernels before
        for operator, key in watched():
            kernel = torch.library.get_kernel(operator, key)
            _library.impl(operator, _telling(name_of(operator), kernel), key, with_keyset=True)


def watched() -> Iterator[tuple[str, str]]:
    """The operators that tell, as `aten::relu_`, with the keys of their kernels."""
    for operator in torch._C._dispatch_get_all_op_names():
        if not operator.startswith("aten::") or "backward" in operator:  # autograd's own
            continue
        if not _KINDS.fullmatch(name_of(operator).removeprefix("torch.")):
            continue
        for key in _KEYS:
            kinds = (key, "CompositeExplicitAutograd") if key == "CPU" else (key,)
            if any(torch._C._dispatch_has_kernel_for_dispatch_key(operator, kind) for kind in kinds):
                yield operator, key


def name_of(operator: str) -> str:
    """The name of the function that an operator belongs to: `torch.relu` for `aten::relu_`."""
    name = operator.removeprefix("aten::").partition(".")[0].strip("_")
    return f"torch.{name.removesuffix('_forward')}"


def _telling(name: str, kernel: Any) -> Callable[..., Any]:
    def tell(keys: Any, *args: Any, **kwargs: Any) -> Any:
        called[name] = None
        return kernel.call_boxed(keys, *args, **kwargs)

    return tell
