"""Where numbers get lost: they become infinite or NaN, in values or in gradients on the way back, float32, or whole."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from backpass.worker.calls import Call
from backpass.worker.invoke import invoke
from backpass.worker.making import assignments
from backpass.worker.rewriting import STATEMENTS, Site
from backpass.worker.runs import called
from backpass.worker.values import has_fractions
from backpass.worker.watched import WatchedModule

_NARROW = (torch.float32, torch.float16, torch.bfloat16)
_FILLING = ("full_like", "new_full")  # in another tensor's dtype
_MOST = 8  # places where infinity or NaN comes about, of which some may do no harm

# An expression, how often it had been evaluated by then, what it makes of finite numbers, and how, where that is plain.
Begin = tuple[int, int, str, str]


def first_loss(watched: WatchedModule, function: Callable[..., Any], call: Call, of: str) -> Begin | None:
    """Where "digits" or "fractions" are lost, or else all of a number: in what a call returns, or in its gradients."""
    if of in ("digits", "fractions"):
        return (_first_narrowed if of == "digits" else _first_cut)(watched, function, call)
    return (_first_not_finite if call.cotangent is None else _first_gradient_not_finite)(watched, function, call)


def _first_narrowed(watched: WatchedModule, function: Callable[..., Any], call: Call) -> Begin | None:
    """The expression that makes float32, or less, of float64; where none does, the first that is float32."""
    watched.watch.begin({}, noting=True)
    called(function, call)
    latest: dict[int, Any] = {}
    narrow: list[Begin] = []
    for index, value in watched.watch.notes or []:
        latest[index] = value
        site = watched.sites[index]
        if site.kind == "value" and isinstance(value, torch.Tensor) and value.dtype in _NARROW:
            begin = index, 1, "float32", ""
            if any(getattr(latest.get(part), "dtype", None) == torch.float64 for part in site.parts):
                return begin
            narrow.append(begin)
    return narrow[0] if narrow else None


def _first_cut(watched: WatchedModule, function: Callable[..., Any], call: Call) -> Begin | None:
    """The statement or call that puts fractions into a tensor of whole numbers."""
    watched.watch.begin({}, noting=True)
    called(function, call)
    latest = dict(watched.watch.notes or [])
    ends = {(watched.sites[index].end_line, watched.sites[index].end_column): index for index in latest}
    for index, site in enumerate(watched.sites):
        if site.kind == "write":
            put_in = [latest.get(ends.get((site.end_line, site.end_column), -1))]
            held = [latest.get(ends.get(end, -1)) for end in _ends_of_what_is_set(site, watched)]
        elif site.operation in _FILLING:
            put_in, held = [latest.get(part) for part in site.parts], [latest.get(index)]
        else:
            continue
        if any(map(_is_whole, held)) and any(map(has_fractions, put_in)):
            return index, 1, "fractions", ""
    return None


def _ends_of_what_is_set(site: Site, watched: WatchedModule) -> Iterator[tuple[int, int]]:
    """Where the expressions end that the variable of a write is set to, in its function or method."""
    around = (node for node in ast.walk(watched.tree) if isinstance(node, ast.FunctionDef))
    for function in (each for each in around if each.name == site.function):
        for name, value in assignments(function):
            if name in site.names and value.end_lineno is not None and value.end_col_offset is not None:
                yield value.end_lineno, watched.characters(value.end_lineno, value.end_col_offset)


def _is_whole(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and not value.is_floating_point() and not value.is_complex()


def _first_not_finite(watched: WatchedModule, function: Callable[..., Any], call: Call) -> Begin | None:
    """The expression that makes infinity or NaN of finite numbers, and others make it of these.

    The logarithm of 0 that is cut off afterwards does no harm: without it as many others are not finite.
    """
    watched.watch.begin({}, noting=True)
    called(function, call)
    begins, count = _begins(watched)[:_MOST], _count(watched)
    for begin in begins:
        watched.watch.begin({begin[0]: _finite}, noting=True)
        value, raised = called(function, call)
        is_all = raised is None and not _not_finite(value)
        if is_all or sum(_count(watched).values()) < sum(count.values()) - count[begin[0]]:
            return begin
    return begins[0] if begins else None


def _first_gradient_not_finite(watched: WatchedModule, function: Callable[..., Any], call: Call) -> Begin | None:
    """The expression into which a finite gradient comes, and out of which it goes infinite or NaN."""
    arrived: defaultdict[int, list[str]] = defaultdict(list)

    def note(index: int, grad: torch.Tensor) -> None:
        arrived[index].append(_not_finite(grad))

    def used_once(index: int, value: Any) -> Any:
        if not isinstance(value, torch.Tensor) or not value.requires_grad:
            return value
        here = value.view_as(value)  # the gradient of this use of it, and of no other
        here.register_hook(partial(note, index))  # type: ignore[no-untyped-call]
        return here

    sites = watched.sites
    swaps = {index: partial(used_once, index) for index, site in enumerate(sites) if site.kind not in STATEMENTS}
    watched.watch.begin(swaps, noting=False)
    invoke(function, call)
    for index, site in enumerate(sites):
        if site.kind == "value" and index in arrived and not any(arrived[index]):
            what = next((each for part in site.parts for each in arrived.get(part, ()) if each), "")
            if what:
                return index, 1, what, ""
    return None


def _begins(watched: WatchedModule) -> list[Begin]:
    """The expressions of the call that was noted last that come to infinity or NaN from finite numbers."""
    times: dict[int, int] = {}
    latest: dict[int, Any] = {}
    found: dict[int, Begin] = {}
    for index, value in watched.watch.notes or []:
        site = watched.sites[index]
        times[index], latest[index] = times.get(index, 0) + 1, value
        what = _not_finite(value)
        parts = [latest.get(part) for part in site.parts]
        if what and site.kind == "value" and not any(map(_not_finite, parts)):
            found.setdefault(index, (index, times[index], what, _how(site.operation, what, parts)))
    return [*found.values()]


def _how(operation: str, what: str, parts: list[Any]) -> str:
    """Why an operation makes infinity or NaN of finite numbers."""
    if not parts or not isinstance(parts[-1], torch.Tensor | float | int):
        return ""
    last = torch.as_tensor(parts[-1])
    if operation == "/" and bool((last == 0).any()):
        return "zero_by_zero" if what == "NaN" else "by_zero"
    if operation == "log":
        return "log_of_negative" if bool((last < 0).any()) else "log_of_zero"
    return "exp" if operation == "exp" else ""


def _count(watched: WatchedModule) -> Counter[int]:
    """How often each expression of the call that was noted last is not finite; what a variable holds counts once."""
    notes = watched.watch.notes or []
    return Counter(index for index, value in notes if watched.sites[index].kind == "value" and _not_finite(value))


def _finite(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.where(value.isfinite(), value, torch.zeros_like(value))
    return 0.0 if _not_finite(value) else value


def _not_finite(value: Any) -> str:
    """What of both is in a number, a tensor or a group of them."""
    if isinstance(value, dict | list | tuple):
        return next(filter(None, map(_not_finite, value.values() if isinstance(value, dict) else value)), "")
    if not isinstance(value, torch.Tensor | float) or (isinstance(value, torch.Tensor) and not value.numel()):
        return ""
    numbers = torch.as_tensor(value)
    return "" if bool(numbers.isfinite().all()) else "NaN" if bool(numbers.isnan().any()) else "infinity"
