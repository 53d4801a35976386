"""Cases: the inputs of one call with the right answer and how far from it a right answer may be.

Hidden cases are drawn once, with a fixed seed, from Hypothesis strategies; public ones are written down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from backpass.judging.drawing import draw_values
from backpass.worker.calls import Answer, Call, Calls
from backpass.worker.invoke import invoke

if TYPE_CHECKING:  # public checks draw nothing, and do not wait for it
    from hypothesis.strategies import SearchStrategy

DTYPES = (torch.float32, torch.float64)

# A right answer may be this many roundings away from the reference: sums of tens of terms, and ways of
# writing a formula that round two or three times more often. The wrong answers that it must tell from
# right ones are off by far more, in float64 at the latest.
ROUNDINGS = 64
_PROBE = 1e-7  # relative size of the perturbations that measure how strongly a case magnifies rounding
_PROBES = 6


@dataclass(frozen=True)
class Statistics:
    """Numbers by which a random answer is judged, what theory says of them, and how far chance may take them.

    `measure(inputs, value)` gives the numbers by name; `theory(inputs)` gives (expected, tolerance) by name.
    """

    measure: Callable[[dict[str, Any], Any], dict[str, float]]
    theory: Callable[[dict[str, Any]], dict[str, tuple[float, float]]]


@dataclass(frozen=True)
class Case:
    """One call: `inputs` by parameter name, and what the grader knows of the result.

    `expected` and `tolerance` are float64 trees of the same form; `template` is the reference's answer in
    the case's own dtype. `cotangent`: the gradient of the function is asked for, not its value.
    `times`: the list of that many results in a row. `relative`: small elements of the result are held to
    a tolerance relative to themselves, where others may be off by a rounding of the largest input.
    `statistics`: the answer is random; `template` gives its form, and these numbers are expected of it.
    `device`: where the submission is to compute; all tensors of the case itself stay on the CPU.
    `origin`: the draw that the case came from, to draw smaller ones like it. `precision`: what a right answer
    may be computed in, where no input has a floating dtype.
    """

    inputs: dict[str, Any]
    keywords: tuple[str, ...] = ()
    cotangent: Any = None
    times: int = 1
    expected: Any = None
    template: Any = None
    tolerance: Any = None
    relative: bool = False
    statistics: Statistics | None = None
    device: str = "cpu"
    origin: Draw | None = field(default=None, repr=False, compare=False)
    precision: torch.dtype | None = None

    def call(self, deep_trace: bool = False) -> Call:
        args = {name: value for name, value in self.inputs.items() if name not in self.keywords}
        kwargs = {name: self.inputs[name] for name in self.keywords}
        return Call(args, kwargs, self.cotangent, self.times, deep_trace, self.device)

    @property
    def dtype(self) -> torch.dtype | None:
        """The dtype of the floating-point inputs; where there are none, the one that the case may be computed in."""
        return next((tensor.dtype for tensor in _floating(self.inputs)), self.precision)


_calls: dict[int, tuple[list[Case], Calls]] = {}


def frozen_calls(cases: list[Case]) -> Calls:
    """The calls of a check's frozen cases; made once a run, as what travels to every worker is the same."""
    known = _calls.get(id(cases))
    if known is None or known[0] is not cases:
        known = _calls[id(cases)] = cases, Calls(case.call() for case in cases)
    return known[1]


@dataclass(frozen=True)
class Example:
    """A public case: the inputs and the right answer, both written down in the test."""

    inputs: dict[str, Any]
    returns: Any
    statistics: Statistics | None = None

    def case(self, parameters: dict[str, Any]) -> Case:
        tolerance = _zip_map(_printed_precision, self.returns)
        keywords = tuple(name for name in self.inputs if parameters[name] is not ...)
        case = Case(self.inputs, keywords, expected=_float64(self.returns), template=self.returns, tolerance=tolerance)
        return _judged_by(self.statistics, case)


def example(*, returns: Any, statistics: Statistics | None = None, **inputs: Any) -> Example:
    """A public case; `inputs` in the order of the signature, `returns` to six digits.

    With `statistics` the answer is random, and `returns` gives its shape and dtype only.
    """
    return Example(inputs, returns, statistics)


@dataclass(frozen=True)
class Draw:
    """Hidden cases: `count` for each dtype from `strategy(dtype)`, which gives inputs by name, after those of `always`.

    Parameters left out of the inputs take their defaults; those that have one are passed by keyword, as
    torch's users do, and the rest by position. `state`: the positions of outputs that no gradient is asked
    through, because they are carried from call to call and not part of any loss. `precision`: of a result that
    is a Python float and comes from integers alone, which says nothing of the dtype it is computed in.
    """

    strategy: Callable[[torch.dtype], SearchStrategy[dict[str, Any]]] | None
    count: int = 12
    dtypes: tuple[torch.dtype, ...] = DTYPES
    gradient: bool = False
    relative: bool = False
    times: int = 1
    state: tuple[int, ...] = ()
    statistics: Statistics | None = None
    precision: torch.dtype | None = None
    always: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def make(self, inputs: dict[str, Any], parameters: dict[str, Any], reference: Callable[..., Any]) -> Case:
        """`inputs` as a case, with the answer of `reference`."""
        keywords = tuple(name for name in inputs if parameters[name] is not ...)
        case = Case(inputs, keywords, times=self.times, relative=self.relative, origin=self, precision=self.precision)
        if self.gradient:
            cotangent = map_tensors(reference(**inputs), _random_like)
            for position in self.state:
                cotangent = (*cotangent[:position], torch.zeros_like(cotangent[position]), *cotangent[position + 1 :])
            case = replace(case, cotangent=cotangent)
        return _judged_by(self.statistics, with_answer(case, reference))

    def cases(self, parameters: dict[str, Any], reference: Callable[..., Any]) -> Iterator[Case]:
        """The frozen cases of this draw; the same ones in every run."""
        return (self.make(inputs, parameters, reference) for inputs in self.inputs())

    def inputs(self) -> Iterator[dict[str, Any]]:
        """The inputs of its cases."""
        yield from self.always
        if self.strategy is not None:
            for dtype in self.dtypes:
                yield from draw_values(self.strategy(dtype), self.count)


@dataclass(frozen=True)
class AtCorners(Draw):
    """The gradient in float32 at inputs of other draws, up to 1e4 in size: it is asked to be finite, and no more.

    At a kink any slope will do, and so it is asked only where the reference's is finite. Of what a draw has written
    down all inputs are taken, of what it draws a few.
    """

    of: tuple[Draw, ...] = ()
    drawn: int = 3

    def cases(self, parameters: dict[str, Any], reference: Callable[..., Any]) -> Iterator[Case]:
        for source in self.of:
            if source.gradient or source.times > 1 or source.statistics is not None:
                continue
            drawn = (
                draw_values(source.strategy(torch.float32), min(self.drawn, source.count)) if source.strategy else []
            )
            for inputs in (*source.always, *drawn):
                numbers = list(_floating(inputs))
                moderate = all(each.numel() == 0 or each.abs().max() <= 1e4 for each in numbers)
                if moderate and numbers and all(each.dtype == torch.float32 for each in numbers):
                    yield from self._finite(inputs, parameters, reference)

    def _finite(
        self, inputs: dict[str, Any], parameters: dict[str, Any], reference: Callable[..., Any]
    ) -> Iterator[Case]:
        keywords = tuple(name for name in inputs if parameters[name] is not ...)
        value = reference(**inputs)
        if not all(bool(each.isfinite().all()) for each in tensors(value)):
            return
        cotangent = map_tensors(value, torch.ones_like)
        for position in self.state:
            cotangent = (*cotangent[:position], torch.zeros_like(cotangent[position]), *cotangent[position + 1 :])
        case = Case(inputs, keywords, cotangent=cotangent, origin=self)
        slopes = _answer(reference, case)
        if isinstance(slopes, dict) and all(bool(each.isfinite().all()) for each in _floating(slopes)):
            anything = map_tensors(
                slopes, lambda slope: torch.full_like(slope.double(), torch.finfo(torch.float64).max)
            )
            yield replace(case, expected=slopes, template=slopes, tolerance=anything)


def _random_like(out: torch.Tensor) -> torch.Tensor:
    generator = torch.Generator().manual_seed(out.numel())
    return torch.randn(out.shape, generator=generator, dtype=torch.float64).to(out.dtype)


def _judged_by(statistics: Statistics | None, case: Case) -> Case:
    if statistics is None:
        return case
    theory = statistics.theory(case.inputs)
    return replace(
        case,
        statistics=statistics,
        expected={name: value for name, (value, _) in theory.items()},
        tolerance={name: margin for name, (_, margin) in theory.items()},
    )


def draw(strategy: Callable[[torch.dtype], SearchStrategy[dict[str, Any]]], **options: Any) -> Draw:
    """Cases drawn from `strategy(dtype)`; the options are the fields of `Draw`."""
    return Draw(strategy, **options)


def fixed(*inputs: dict[str, Any], **options: Any) -> Draw:
    """Hidden cases that are written down, not drawn."""
    return Draw(None, always=inputs, **options)


def tensors(tree: Any) -> Iterator[torch.Tensor]:
    """Every tensor in a value."""
    if isinstance(tree, torch.Tensor):
        yield tree
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from tensors(item)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from tensors(item)


def _floating(tree: Any) -> Iterator[torch.Tensor]:
    return (tensor for tensor in tensors(tree) if tensor.is_floating_point())


def evaluate(function: Callable[..., Any], case: Case) -> Answer:
    """What a trusted function answers to `case`, in this process and on the CPU."""
    return invoke(function, (case if case.device == "cpu" else replace(case, device="cpu")).call())


def with_answer(case: Case, reference: Callable[..., Any]) -> Case:
    """`case` with the reference's answer, computed in float64, and the tolerance that its conditioning asks for.

    A case in which the reference raises expects just that exception.
    """
    template = _answer(reference, case)
    exact = replace(case, inputs=_float64(case.inputs), cotangent=_float64(case.cotangent))
    expected = _answer(reference, exact)
    spread = _spread(reference, exact, expected)
    info = torch.finfo(case.dtype or torch.float32)
    # A right answer may pass through numbers as large as the largest input: log-sum-exp does.
    largest = max([1.0, *(tensor.abs().max().item() for tensor in _floating(exact.inputs) if tensor.numel())])

    def tolerance(value: Any, difference: Any) -> Any:
        if isinstance(value, float):
            if not math.isfinite(value):
                return 0.0
            # A number computed from tensors has their precision, one computed from numbers has Python's.
            rounded = ROUNDINGS * info.eps * (abs(value) + largest + difference) if case.dtype is not None else 0.0
            return max(1e-9 * max(1.0, abs(value)), rounded)
        if not isinstance(value, torch.Tensor):
            return 0
        if not value.is_floating_point():
            return torch.zeros_like(value, dtype=torch.float64)
        size = torch.where(value.isfinite(), value.abs(), torch.zeros_like(value))
        passing = size * largest if case.relative else size + largest
        return ROUNDINGS * info.eps * (passing + difference) + info.tiny

    return replace(case, expected=expected, template=template, tolerance=_zip_map(tolerance, expected, spread))


def _answer(reference: Callable[..., Any], case: Case) -> Any:
    answer = evaluate(reference, case)
    return answer.value if answer.raised is None else answer.raised


def _spread(reference: Callable[..., Any], case: Case, expected: Any) -> Any:
    """How far the result moves for each unit of relative rounding in the inputs, element by element."""
    generator = torch.Generator().manual_seed(7)

    def nudge(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            if not value.is_floating_point():
                return value
            noise = 2 * torch.rand(value.shape, generator=generator, dtype=torch.float64) - 1
            return value * (1 + _PROBE * noise)
        if type(value) is float:
            return value * (1 + _PROBE * (2 * torch.rand((), generator=generator).item() - 1))
        if isinstance(value, list | tuple):
            return type(value)(nudge(item) for item in value)
        return value

    def widest(value: Any, other: Any, so_far: Any) -> Any:
        if isinstance(value, float):
            moved = abs(value - other) / _PROBE
            return max(so_far, moved) if math.isfinite(moved) else so_far
        if not isinstance(value, torch.Tensor):
            return 0.0
        difference = (value.double() - other.double()).abs() / _PROBE  # bool tensors know no subtraction
        return torch.fmax(so_far, torch.where(difference.isfinite(), difference, torch.zeros_like(difference)))

    spread = _zip_map(
        lambda value: torch.zeros_like(value, dtype=torch.float64) if _is_tensor(value) else 0.0, expected
    )
    for _ in range(_PROBES):
        nudged_inputs = {name: nudge(value) for name, value in case.inputs.items()}
        other = _answer(reference, replace(case, inputs=nudged_inputs))
        if same_form(expected, other):
            spread = _zip_map(widest, expected, other, spread)
    return spread


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def same_form(a: Any, b: Any) -> bool:
    """Whether two values have the same structure and shapes."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and a.shape == b.shape
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(same_form, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same_form(a[key], b[key]) for key in a)
    return type(a) is type(b)


def _zip_map(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """`function` on the leaves of trees of one form."""
    if isinstance(tree, list | tuple):
        return [_zip_map(function, *items) for items in zip(tree, *others, strict=True)]
    if isinstance(tree, dict):
        return {key: _zip_map(function, tree[key], *(other[key] for other in others)) for key in tree}
    return function(tree, *others)


def map_tensors(tree: Any, function: Callable[[torch.Tensor], Any]) -> Any:
    """`tree` with `function` applied to every tensor in it."""
    if isinstance(tree, torch.Tensor):
        return function(tree)
    if isinstance(tree, list | tuple):
        return type(tree)(map_tensors(item, function) for item in tree)
    if isinstance(tree, dict):
        return {key: map_tensors(item, function) for key, item in tree.items()}
    return tree


def _float64(tree: Any) -> Any:
    return map_tensors(tree, lambda tensor: tensor.double() if tensor.is_floating_point() else tensor)


def _printed_precision(value: Any) -> Any:
    """Tolerance of a value written down to six decimals, or to seven digits where it is large."""
    if isinstance(value, torch.Tensor):
        return torch.clamp(value.double().abs() * 2e-6, min=2e-6)
    return max(abs(value) * 2e-6, 2e-6) if isinstance(value, float) else 0
