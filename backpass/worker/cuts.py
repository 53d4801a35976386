"""Where a program leaves autograd's graph: what it takes for a constant, and the switches that keep it from looking."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

from backpass.worker.calls import Call
from backpass.worker.invoke import invoke
from backpass.worker.watched import WatchedModule


@contextlib.contextmanager
def gradients_always() -> Iterator[None]:
    """Without the switches that keep autograd from looking."""
    kept = torch.no_grad, torch.inference_mode, torch.set_grad_enabled
    torch.no_grad = torch.inference_mode = torch.set_grad_enabled = _no_switch  # type: ignore[assignment,misc]
    try:
        yield
    finally:
        torch.no_grad, torch.inference_mode, torch.set_grad_enabled = kept  # type: ignore[misc]


def _no_switch(*_: Any) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


def cuts_in(watched: WatchedModule, function: Callable[..., Any], call: Call) -> list[tuple[int, int]]:
    """Expressions whose value autograd takes for a constant, with a part of each that it does not."""
    watch = watched.watch
    follows: dict[int, bool] = {}

    def noting(index: int) -> Callable[[Any], Any]:
        def note(value: Any) -> Any:
            number = value
            while isinstance(number, list) and number:  # of tolist()
                number = number[0]
            if isinstance(number, float) or (isinstance(value, torch.Tensor) and value.is_floating_point()):
                follows[index] = isinstance(value, torch.Tensor) and value.requires_grad
            return value

        return note

    watch.begin({index: noting(index) for index in range(len(watched.sites))}, noting=False)
    invoke(function, call)
    return [
        (index, part)
        for index, is_followed in follows.items()
        if not is_followed
        for part in watched.sites[index].parts
        if follows.get(part)
    ]
