"""Which expression is wrong: the right value of a quantity is put in the place of one after the other.

Value replacement (Jeffrey, Gupta and Gupta, ISSTA 2008), with the quantities of the course as the values. It runs where
the submission runs, decides no marks, and ends after so many runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import torch

from backpass.worker.candidates import Candidates
from backpass.worker.runs import RESULT, WORDLESS, WORDS, Candidate, Enough, Known, Runs, Trial
from backpass.worker.values import CLOSE, SEVERAL, another, distance, same

_MOST_BEGINNINGS = 3  # first ones of two replacements that are tried
_SERIES_LEAST = 1  # quantities that come right further on, before a first of two mistakes is believed


class Search:
    """The search for what is wrong in one function. `known`: what is known of each quantity.

    `loose`: what makes all right in the cases at hand, and some wrong elsewhere.
    """

    def __init__(self, on: Runs, known: Sequence[Known]) -> None:
        self.on = on
        self.known = known
        self.candidates = Candidates(on, known)
        self.loose: Candidate | None = None

    def find(self) -> tuple[list[Candidate], bool]:
        """The replacements that make wrong cases right and no right one wrong, and whether they make all right."""
        try:
            return self._solve((), depth=2)
        except Enough:
            return [], False
        finally:
            self.on.rest()

    def leaves_right(self, found: tuple[Candidate, ...]) -> bool:
        """Whether what was right elsewhere stays right."""
        wanted = {each.quantity for each in found}
        known = (
            trial for trial in self.on.confirming if not any(isinstance(trial.values[each], str) for each in wanted)
        )
        return all(all(self.on.verdict(trial, found)) for trial in known)

    def _solve(self, base: tuple[Candidate, ...], depth: int) -> tuple[list[Candidate], bool]:
        right = [self.on.verdict(trial, base) for trial in self.on.trials]
        first = next((position for position, each in enumerate(right) if not all(each)), None)
        if first is None:
            return [], True
        partly: list[tuple[int, int, Candidate]] = []
        backwards: Candidate | None = None
        candidates = self.candidates.of(self.on.trials[first], base)
        if base:
            taken = {each.quantity for each in base if self.known[each.quantity].how == RESULT}
            candidates = [each for each in candidates if self._is_convincing(each) and each.quantity not in taken]
        for candidate in candidates:
            mine = self.on.verdict(self.on.trials[first], (*base, candidate))
            if not _better(mine, right[first]):
                continue
            gain = self.gain((*base, candidate), right)
            if gain is None or self.undoes(base, candidate):
                continue
            missing = sum(not each for verdict in right for each in verdict)
            if gain == missing and not self.leaves_right((*base, candidate)):
                self.loose = self.loose or candidate
                continue
            if gain == missing:
                if not base and backwards is None and self._is_backwards(candidate):
                    backwards = candidate
                    continue
                return [self._nearest(candidate, candidates, base, right)], True
            if self._is_convincing(candidate):
                partly.append((-gain, len(partly), candidate))
        if backwards is not None:
            return [backwards], True
        if depth == 1:
            return [], False
        for _, _, candidate in sorted(partly)[:_MOST_BEGINNINGS]:
            rest, whole = self._solve((*base, candidate), depth - 1)
            if whole:
                return [candidate, *rest], True
        return ([], False) if partly else self._in_series(self.on.trials[first], candidates, base)

    def _is_backwards(self, candidate: Candidate) -> bool:
        """Whether what is made of the replaced expression comes to a quantity that the new value is computed from.

        Such as a root that is squared again: the right value of the square would do as well, and is meant.
        """
        like = self.on.trials[0].table.like
        return any(
            candidate.site in self.on.watched.sites[index].parts and like(value, CLOSE) & rests
            for rests in [self.known[candidate.quantity].rests]
            for index, value in (self.on.notes(self.on.trials[0], (candidate,)) if rests else ())
        )

    def matters(self, found: Candidate) -> bool:
        """Whether it takes the right value: where another one makes all right as well, nothing is known of it."""
        if found.mode == "pair" or isinstance(self.on.trials[0].values[found.quantity], str):
            return True
        # Far out, a limit behind it holds any number.
        others: list[Callable[[Any], Any]] = [another, partial(_far, -1), partial(_far, 1)]
        if self.on.watched.sites[found.site].in_test:  # a smaller one is out of a limit's reach, as the right one is
            others.append(lambda value: 0.6 * value if isinstance(value, torch.Tensor | float) else another(value))
        if self.on.watched.sites[found.site].kind == "constant" and self._bounds_of_choice(found.site) - {0, 1}:
            return False  # beyond a bound of the student's own it is the bound that should not be there
        return all(self._fails_with(other, found) for other in others)

    def _bounds_of_choice(self, index: int) -> set[float]:
        """The numbers in the condition by which torch.where chooses an expression."""
        sites = self.on.watched.sites
        choice = next((site for site in sites if index in site.parts[1:] and site.operation == "where"), None)
        if choice is None:
            return set()
        inside = self.on.watched.inside(choice.parts[0]) | {choice.parts[0]}
        noted = self.on.notes(self.on.trials[0], ())
        return {value for each, value in noted if each in inside and type(value) in (int, float)}

    def constant(self, found: Candidate) -> str:
        """What does as well as the quantity in the place of an expression: "always" or "never" of a condition, "zero".

        Then the trials show that it should be this, and not that it should be the quantity. Empty where nothing does.
        """
        quantity = self.on.trials[0].values[found.quantity]
        if isinstance(quantity, list | tuple) and found.mode in SEVERAL and quantity:
            quantity = quantity[0]
        is_tensor = isinstance(quantity, torch.Tensor)
        ways: dict[str, Callable[[Any], Any]] = {}
        if isinstance(quantity, bool) or (is_tensor and quantity.dtype == torch.bool):
            ways = {"always": partial(_filled, True), "never": partial(_filled, False)}
        elif isinstance(quantity, float) or (is_tensor and quantity.is_floating_point()):
            ways = {"zero": partial(_filled, 0.0)}
        if self.known[found.quantity].how == RESULT or found.mode == "pair":
            return ""
        right = (kind for kind, way in ways.items() if self._all_right({found.site: way}))
        return next(right, "")

    def _all_right(self, swaps: dict[int, Callable[[Any], Any]]) -> bool:
        try:
            trials = (*self.on.trials, *self.on.confirming)
            return all(all(self.on.verdict(trial, swaps)) for trial in trials)
        except Enough:
            return False
        finally:
            self.on.rest()

    def _fails_with(self, other: Callable[[Any], Any], found: Candidate) -> bool:
        """Whether something else in the place of what an expression should be leaves a trial wrong."""
        for trial in self.on.trials:
            if not all(self.on.verdict(trial, ())):
                values = [*trial.values]
                values[found.quantity] = other(values[found.quantity])
                if not all(self.on.verdict(replace(trial, values=values), (found,))):
                    return True
        return False

    def undoes(self, base: tuple[Candidate, ...], candidate: Candidate) -> bool:
        """Whether of two replacements one takes back the other: a value is put in, and out again where it is used."""
        for other in base:
            for one, two in ((other, candidate), (candidate, other)):
                put_in = self.on.trials[0].values[one.quantity]
                if any(
                    index == two.site and same(value, put_in)
                    for index, value in self.on.notes(self.on.trials[0], (one,))
                ):
                    return True
        return False

    def _is_convincing(self, candidate: Candidate) -> bool:
        """Whether a replacement may be one of two: with two, much can be made to come out right.

        A result in its own place makes all right and says nothing of the other, but where there are several.
        """
        if self.known[candidate.quantity].how == RESULT:
            return self.on.outputs > 1
        return candidate.tier <= 1

    def _nearest(
        self, found: Candidate, candidates: list[Candidate], base: tuple[Candidate, ...], right: list[tuple[bool, ...]]
    ) -> Candidate:
        """Of the quantities that make all right in the place of an expression, the one that its value is nearest to.

        How far off numbers are does not choose one that is made from the other: it is further on.
        """
        first = next(position for position, each in enumerate(right) if not all(each))
        trial = self.on.trials[first]
        value = next((value for index, value in self.on.notes(trial, base) if index == found.site), None)
        gain = self.gain((*base, found), right)
        far = distance(value, trial.values[found.quantity])
        wordless = self.known[found.quantity].how == WORDLESS
        rivals = [
            (how_far, position)
            for position, each in enumerate(candidates)
            if each.site == found.site
            and each.mode == found.mode != "pair"
            and (self.known[each.quantity].how == WORDLESS) == wordless
            and (how_far := distance(value, trial.values[each.quantity])) < far
            and (how_far[0] < far[0] or found.quantity not in self.known[each.quantity].rests)
        ]
        nearer = (candidates[position] for _, position in sorted(rivals))
        return next((each for each in nearer if self.gain((*base, each), right) == gain), found)

    def gain(self, swaps: tuple[Candidate, ...], right: list[tuple[bool, ...]]) -> int | None:
        """How many more results are right with `swaps`; None where one that was right no longer is."""
        gain = 0
        for trial, before in zip(self.on.trials, right, strict=True):
            after = self.on.verdict(trial, swaps)
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
            site, known = self.on.watched.sites[candidate.site], self.known[candidate.quantity]
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
        found: set[int] = set()
        for index, value in self.on.notes(trial, swaps):
            if self.on.watched.sites[index].kind == "value":
                found |= trial.table.like(value, CLOSE)
        return {position for position in found if self.known[position].how == WORDS}


def _far(sign: int, value: Any) -> Any:
    """Numbers beyond all that are in a value, each another; what has none as in `another`."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        ramp = torch.linspace(1, 2, value.numel(), dtype=value.dtype).reshape(value.shape)
        return sign * ramp * (value.abs() + 1)
    return sign * (abs(value) + 1) if isinstance(value, float) else another(value)


def _filled(number: float | bool, value: Any) -> Any:
    """A value with one number in all its places."""
    return torch.full_like(value, number) if isinstance(value, torch.Tensor) else type(value)(number)


def _better(after: tuple[bool, ...], before: tuple[bool, ...]) -> bool:
    return sum(after) > sum(before) and not any(was and not now for was, now in zip(before, after, strict=True))
