"""Which expression is wrong: the right value of a quantity is put in the place of one after the other.

Value replacement (Jeffrey, Gupta and Gupta, ISSTA 2008), with the quantities of the course as the values. It runs where
the submission runs, decides no marks, and ends when its time is up.
"""

from __future__ import annotations

import contextlib
import io
import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import torch

from backpass.worker.invoke import Call, fresh
from backpass.worker.watched import Site, Stopped, WatchedModule

MISSING = "missing"  # stands for a quantity that a case does not have
_CLOSE = 1e-4  # relative; nearer values are the same quantity
_SERIES_LEAST = 1  # quantities that come right further on, before a first of two mistakes is believed
# How a quantity is known; the better ones are tried first.
INPUT, WORDS, WORDLESS, RESULT = range(4)

Swap = Callable[[Any], Any]


@dataclass(frozen=True)
class Trial:
    """One case: its call, the right result with its tolerance, and the value of each quantity in it."""

    call: Call
    expected: Any
    tolerance: Any
    values: Sequence[Any]


@dataclass(frozen=True)
class Known:
    """What is known of a quantity in all cases: how (`INPUT`, `WORDS`, ...), and the parameters it is made from."""

    how: int
    sources: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """`quantity` in the place of `site`: in every evaluation, or in a loop "each", "reversed", "first" or "last"."""

    site: int
    quantity: int
    mode: str


class TimeIsUp(Exception):
    """The search has used up its time."""


class Search:
    """The search for one function on some cases, of which some are wrong. `outputs`: how many results it has."""

    def __init__(
        self,
        watched: WatchedModule,
        function: str,
        trials: Sequence[Trial],
        known: Sequence[Known],
        outputs: int,
        seconds: float,
    ) -> None:
        self._watched = watched
        self._function = function
        self._trials = trials
        self._known = known
        self._outputs = outputs
        self._until = time.thread_time() + seconds

    def answers_as(self, original: Callable[..., Any]) -> bool:
        """Whether the rewritten function answers every trial as the original does."""
        for trial in self._trials:
            (theirs, error), (value, other) = called(original, trial.call), self._run(trial, ())
            if type(error) is not type(other) or not _identical(theirs, value):
                return False
        return True

    def find(self) -> tuple[list[Candidate], bool]:
        """The replacements that make wrong cases right and no right one wrong, and whether they make all right."""
        self._before = [self._verdict(trial, ()) for trial in self._trials]
        try:
            return self._solve((), depth=2)
        except TimeIsUp:
            return [], False
        finally:
            self._watched.watch.begin({}, noting=False)

    def value_of(self, candidate: Candidate, call: Call, others: Sequence[Candidate]) -> Any:
        """The value of the candidate's expression in `call`, with the other replacements left out."""
        notes = self._notes(Trial(call, None, None, ()), ())
        values = [value for index, value in notes if index == candidate.site]
        if not values:
            return MISSING
        if candidate.mode in ("each", "reversed"):
            return values
        return values[-1] if candidate.mode == "last" else values[0]

    # The search

    def _solve(self, base: tuple[Candidate, ...], depth: int) -> tuple[list[Candidate], bool]:
        right = [self._verdict(trial, base) for trial in self._trials]
        first = next((position for position, each in enumerate(right) if not all(each)), None)
        if first is None:
            return [], True
        best: tuple[int, Candidate] | None = None
        candidates = list(self._candidates(self._trials[first], base))
        for candidate in candidates:
            self._check_time()
            mine = self._verdict(self._trials[first], (*base, candidate))
            if not _better(mine, right[first]):
                continue
            gain = self._gain((*base, candidate), right)
            if gain is None:
                continue
            missing = sum(not each for verdict in right for each in verdict)
            if gain == missing:
                return [self._nearest(candidate, candidates, base, right)], True
            if best is None or gain > best[0]:
                best = gain, candidate
        if depth > 1 and best is not None:
            rest, whole = self._solve((*base, best[1]), depth - 1)
            return [best[1], *rest], whole
        if depth > 1:
            return self._in_series(self._trials[first], candidates, base)
        return ([best[1]] if best else []), False

    def _nearest(
        self, found: Candidate, candidates: list[Candidate], base: tuple[Candidate, ...], right: list[tuple[bool, ...]]
    ) -> Candidate:
        """Of the quantities that make all right in the place of an expression, the one that its value is nearest to."""
        first = next(position for position, each in enumerate(right) if not all(each))
        trial = self._trials[first]
        value = next((value for index, value in self._notes(trial, base) if index == found.site), None)
        gain = self._gain((*base, found), right)
        rivals = [
            each
            for each in candidates
            if each.site == found.site
            and self._known[each.quantity].how == self._known[found.quantity].how
            and (each == found or self._gain((*base, each), right) == gain)
        ]
        return min(rivals, key=lambda each: _distance(value, trial.values[each.quantity]))

    def _gain(self, swaps: tuple[Candidate, ...], right: list[tuple[bool, ...]]) -> int | None:
        """How many more results are right with `swaps`; None where one that was right no longer is."""
        gain = 0
        for trial, before in zip(self._trials, right, strict=True):
            self._check_time()
            after = self._verdict(trial, swaps)
            if any(was and not now for was, now in zip(before, after, strict=True)):
                return None
            gain += sum(after) - sum(before)
        return gain or None

    def _in_series(
        self, trial: Trial, candidates: list[Candidate], base: tuple[Candidate, ...]
    ) -> tuple[list[Candidate], bool]:
        """Two mistakes one behind the other: the first, put right, brings more quantities right."""
        there = self._quantities_in(trial, base)
        ranked: list[tuple[int, int, Candidate]] = []
        order = count()
        for candidate in candidates:
            self._check_time()
            site, known = self._watched.sites[candidate.site], self._known[candidate.quantity]
            if site.kind != "value" or site.returned or known.how != WORDS or candidate.quantity in there:
                continue
            now = self._quantities_in(trial, (*base, candidate))
            gain = len(now - there - {candidate.quantity})
            if gain >= _SERIES_LEAST:
                ranked.append((-gain, next(order), candidate))
        for _, _, candidate in sorted(ranked)[:3]:
            rest, whole = self._solve((*base, candidate), depth=1)
            if whole and rest:
                return [candidate, *rest], True
        return [], False

    def _quantities_in(self, trial: Trial, swaps: tuple[Candidate, ...]) -> set[int]:
        """The quantities that some expression of a run has the value of."""
        values = [value for index, value in self._notes(trial, swaps) if self._watched.sites[index].kind == "value"]
        return {
            position
            for position, quantity in enumerate(trial.values)
            if self._known[position].how == WORDS and any(_same(value, quantity) for value in values)
        }

    def _candidates(self, trial: Trial, base: tuple[Candidate, ...]) -> Iterator[Candidate]:
        """What to try on a trial, the most convincing first."""
        by_site: dict[int, list[Any]] = {}
        for index, value in self._notes(trial, base):
            by_site.setdefault(index, []).append(value)
        named = [
            quantity
            for position, quantity in enumerate(trial.values)
            if self._known[position].how in (WORDS, RESULT) and not isinstance(quantity, bool | int)
        ]
        taken = {candidate.site for candidate in base}
        found: list[tuple[tuple[int, ...], Candidate]] = []
        for order, (index, values) in enumerate(by_site.items()):
            site = self._watched.sites[index]
            if index in taken or site.kind in ("write", "loop"):
                continue
            # An expression that comes to a right quantity is hardly the wrong one, whatever could stand in its place.
            seems_right = site.kind == "value" and any(_same(values[0], quantity) for quantity in named)
            for position, quantity in enumerate(trial.values):
                tier = self._tier(site, self._known[position])
                if tier is None or isinstance(quantity, str):
                    continue
                for mode in _modes(values, quantity):
                    fit = _fit(values, quantity, mode)
                    if fit is not None:
                        key = (tier + (0, 2, 3, 7)[fit] + 3 * seems_right, order, position)
                        found.append((key, Candidate(index, position, mode)))
        yield from (candidate for _, candidate in sorted(found, key=lambda each: each[0]))

    def _tier(self, site: Site, known: Known) -> int | None:
        """How convincing it is that a quantity belongs in the place of an expression; None where it is not."""
        if known.how == RESULT:
            return 6 if site.returned else None if site.kind != "value" else 5
        if site.in_test and (known.how == INPUT or site.kind in ("argument", "constant")):
            return None
        made_from_it = site.sources is None or site.sources <= known.sources
        if site.kind == "argument":
            if known.how == INPUT:
                return 2
            return 3 if known.how == WORDS and made_from_it and len(known.sources) > 1 else None
        if known.how == INPUT:
            return 2 if site.kind == "constant" or (site.kind == "value" and not site.returned) else None
        if site.kind == "constant":
            return 2 if known.how == WORDS else None
        if site.kind == "name":
            return 3 if made_from_it else None
        tier = 0 if known.how == WORDS else 2
        return tier + (0 if made_from_it else 1) + (1 if site.returned else 0)

    # Running

    def _run(
        self, trial: Trial, swaps: Sequence[Candidate], *, noting: bool = False
    ) -> tuple[Any, BaseException | None]:
        watch = self._watched.watch
        watch.begin({each.site: _swap(each, trial) for each in swaps}, noting=noting)
        outcome = called(getattr(self._watched.module, self._function), trial.call)
        if isinstance(outcome[1], Stopped):
            raise TimeIsUp
        return outcome

    def _notes(self, trial: Trial, swaps: Sequence[Candidate]) -> list[tuple[int, Any]]:
        self._run(trial, swaps, noting=True)
        notes = self._watched.watch.notes or []
        self._watched.watch.begin({}, noting=False)
        return notes

    def _verdict(self, trial: Trial, swaps: Sequence[Candidate]) -> tuple[bool, ...]:
        """Which results are right."""
        value, raised = self._run(trial, swaps)
        if raised is not None:
            return (False,) * self._outputs
        if self._outputs == 1:
            return (_agrees(value, trial.expected, trial.tolerance),)
        if not isinstance(value, list | tuple) or len(value) != self._outputs:
            return (False,) * self._outputs
        return tuple(map(_agrees, value, trial.expected, trial.tolerance))

    def _check_time(self) -> None:
        if time.thread_time() > self._until:
            raise TimeIsUp


def called(function: Callable[..., Any], call: Call) -> tuple[Any, BaseException | None]:
    """What a function returns, and what it raises."""
    args, kwargs = ({name: fresh(value, "cpu") for name, value in each.items()} for each in (call.args, call.kwargs))
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
            return function(*args.values(), **kwargs), None
    except BaseException as error:
        return None, error


def _swap(candidate: Candidate, trial: Trial) -> Swap:
    quantity = trial.values[candidate.quantity]
    if candidate.mode == "all":
        return lambda value: _like(quantity, value)
    evaluation = count()
    if candidate.mode in ("each", "reversed"):
        items = list(quantity) if candidate.mode == "each" else list(quantity)[::-1]

        def nth(value: Any) -> Any:
            position = next(evaluation)
            return _like(items[position], value) if position < len(items) else value

        return nth
    return lambda value: _like(quantity, value) if next(evaluation) == 0 else value


def _like(quantity: Any, value: Any) -> Any:
    """A quantity in the type and dtype of the value that it takes the place of."""
    if isinstance(quantity, torch.Tensor):
        if isinstance(value, torch.Tensor):
            quantity = quantity.to(value.dtype)
            return quantity.reshape(value.shape).clone() if quantity.numel() == value.numel() else quantity.clone()
        return quantity.item() if isinstance(value, float) and quantity.dim() == 0 else quantity.clone()
    if isinstance(quantity, float) and isinstance(value, torch.Tensor):
        return torch.full_like(value, quantity) if value.is_floating_point() else torch.tensor(quantity)
    if isinstance(quantity, list | tuple) and isinstance(value, list | tuple) and len(quantity) == len(value):
        return type(quantity)(map(_like, quantity, value))
    return quantity


def _modes(values: list[Any], quantity: Any) -> tuple[str, ...]:
    one_of_one = isinstance(quantity, list | tuple) and len(quantity) == 1 and not isinstance(values[0], list | tuple)
    if len(values) == 1:
        return ("each",) if one_of_one else ("all",)
    if isinstance(quantity, list | tuple) and len(quantity) == len(values):
        return ("each", "reversed")
    return ("first",) if not all(_same(value, values[0]) for value in values[1:]) else ("all",)


def _fit(values: list[Any], quantity: Any, mode: str) -> int | None:
    """0 where the quantity has the form of what it takes the place of, 1 in another shape, 2 larger, 3 smaller."""
    if mode in ("each", "reversed"):
        items = quantity if mode == "each" else quantity[::-1]
        fits = [_fit([value], item, "all") for value, item in zip(values, items, strict=True)]
        same = [_same(value, item) for value, item in zip(values, items, strict=True)]
        if all(same):
            return None
        return 0 if all(fit == 0 or equal for fit, equal in zip(fits, same, strict=True)) else None
    value = values[0]
    if isinstance(value, bool) or isinstance(quantity, bool):
        return 0 if type(value) is type(quantity) and value != quantity else None
    if isinstance(value, int) or isinstance(quantity, int):
        return 0 if type(value) is type(quantity) and value != quantity else None
    if isinstance(value, float) or isinstance(quantity, float):
        scalar = all(isinstance(each, float) or _is_scalar(each) for each in (value, quantity))
        return 0 if scalar and not _same(value, quantity) else None
    if isinstance(value, torch.Tensor) and isinstance(quantity, torch.Tensor):
        if (value.dtype == torch.bool) != (quantity.dtype == torch.bool):
            return None
        if value.is_floating_point() != quantity.is_floating_point():
            return None
        if value.shape == quantity.shape:
            return None if _same(value, quantity) else 0
        return 1 if quantity.numel() == value.numel() else 2 if quantity.numel() > value.numel() else 3
    if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
        return 0 if isinstance(quantity, torch.Tensor) else None
    if isinstance(value, list | tuple) and isinstance(quantity, list | tuple):
        return 0 if len(value) == len(quantity) and not _same(value, quantity) else None
    return None


def _distance(value: Any, quantity: Any) -> float:
    """How far a value is from a quantity, relative to it; infinite where they are not of one form."""
    if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
        value = value[0]
    try:
        mine, right = (torch.as_tensor(each, dtype=torch.float64) for each in (value, quantity))
    except (TypeError, ValueError, RuntimeError):
        return math.inf
    if mine.shape != right.shape:
        return math.inf
    size = float(right.abs().max()) if right.numel() else 0.0
    distance = float((mine - right).abs().max()) / (size or 1.0) if mine.numel() else 0.0
    return distance if math.isfinite(distance) else math.inf


def _is_scalar(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0 and value.is_floating_point()


def _same(a: Any, b: Any) -> bool:
    """Whether two values are the same quantity, up to rounding."""
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return type(a) is type(b) and bool(a == b)
    try:
        left, right = (torch.as_tensor(each, dtype=torch.float64) for each in (a, b))
    except (TypeError, ValueError, RuntimeError):
        return False
    if left.shape != right.shape:
        return False
    finite = right[right.isfinite()]
    scale = float(finite.abs().max()) if finite.numel() else 1.0
    near = (left - right).abs() <= _CLOSE * right.abs() + 1e-7 * scale
    return bool((near | (left == right) | (left.isnan() & right.isnan())).all())


def _agrees(value: Any, expected: Any, tolerance: Any) -> bool:
    if isinstance(expected, torch.Tensor):
        if not isinstance(value, torch.Tensor) or value.shape != expected.shape or value.is_complex():
            return False
        number = value.detach().double()
        near = (number - expected.double()).abs() <= tolerance
        return bool((near | (number == expected) | (number.isnan() & expected.isnan())).all())
    if isinstance(expected, float):
        if not isinstance(value, float | int) or isinstance(value, bool):
            return False
        return bool(
            abs(value - expected) <= tolerance or value == expected or (value != value and expected != expected)
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(value, list | tuple)
            and len(value) == len(expected)
            and all(map(_agrees, value, expected, tolerance))
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(_agrees(value[key], expected[key], tolerance[key]) for key in expected)
        )
    return type(value) is type(expected) and bool(value == expected)


def _identical(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        if not isinstance(b, torch.Tensor) or a.shape != b.shape or a.dtype != b.dtype:
            return False
        return bool(((a == b) | ((a != a) & (b != b))).all())
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(_identical, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(_identical(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return isinstance(b, float) and (a == b or (a != a and b != b))
    return type(a) is type(b) and (not isinstance(a, int | str) or a == b)


def _better(after: tuple[bool, ...], before: tuple[bool, ...]) -> bool:
    return sum(after) > sum(before) and not any(was and not now for was, now in zip(before, after, strict=True))
