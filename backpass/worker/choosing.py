"""Of several places in which a right value would do, the one to point at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import combinations
from typing import Any

import torch

from backpass.worker.blame import Search
from backpass.worker.candidates import overlap
from backpass.worker.runs import WORDS, Candidate, Enough, Trial
from backpass.worker.values import CLOSE, same

_MOST_PAIRS = 200


class Choice:
    """Looks around what a search has found."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._on = search.on
        self._known = search.known

    def among(self, found: Candidate, meant: Collection[int]) -> list[Candidate]:
        """What to point at for a place that was found: one, or two before it. `meant`: the mistake's quantities."""
        return self._taken_apart(found) or [self._further_on(self._further_in(self._as_named(found, meant)))]

    def rests_on_unknown(self, found: Candidate) -> bool:
        """Whether an expression is made of a variable that has no right value either: that went wrong before it."""
        trial, sites = self._on.trials[0], self._on.watched.sites
        parts = {part for part in sites[found.site].parts if sites[part].kind == "name"}
        return any(
            isinstance(value, torch.Tensor) and value.dim() > 0 and not trial.table.like(value, CLOSE)
            for index, value in self._on.notes(trial, ())
            if index in parts
        )

    def _further_in(self, found: Candidate) -> Candidate:
        """Where what an expression is made of is wrong already, and mends all by itself, that; else what was found."""
        rests, inside = self._known[found.quantity].rests, self._on.watched.inside(found.site)
        if not rests or not self.rests_on_unknown(found):
            return found
        return self._instead(
            found,
            lambda each: each.site in inside and each.quantity in rests and each.mode in ("all", "reshaped"),
        )

    def _as_named(self, found: Candidate, named: Collection[int]) -> Candidate:
        """Where a quantity that the mistake is known to be in mends all by itself, that; else what was found."""
        if found.quantity in named or not self._known[found.quantity].rests & {*named}:
            return found
        return self._instead(found, lambda each: each.quantity in named)

    def _instead(
        self,
        found: Candidate,
        is_one: Callable[[Candidate], bool],
        order: Callable[[Candidate], Any] = lambda each: 0,
    ) -> Candidate:
        """The first candidate of some, in an order, that mends all by itself; else what was found."""
        first = self._on.first_wrong()
        if first is None:
            return found
        try:
            right = [self._on.verdict(trial, ()) for trial in self._on.trials]
            missing = sum(not each for verdict in right for each in verdict)
            for each in sorted(self._search.candidates.of(first, ()), key=order):
                if is_one(each) and self._search.gain((each,), right) == missing and self._search.leaves_right((each,)):
                    return each
        except Enough:
            pass
        finally:
            self._on.rest()
        return found

    def is_at_hand(self, found: Candidate) -> bool:
        """Whether an expression holds already, somewhere inside, what it should be: something is done to it in vain."""
        trial, inside = self._on.trials[0], self._on.watched.inside(found.site)
        held: dict[int, list[Any]] = {}
        for index, value in self._on.notes(trial, ()) if found.mode in ("all", "each") else ():
            held.setdefault(index, []).append(value)
        right = trial.values[found.quantity]
        return any(
            same(values if found.mode == "each" else values[0], right)
            for index, values in held.items()
            if index in inside
        )

    def is_on_the_way(self, found: Candidate) -> bool:
        """Whether the value of an expression is right as it is, and what it should be is made from it further on.

        In every wrong trial: in one it may be right by chance.
        """
        rests = self._known[found.quantity].rests

        def is_right(trial: Trial) -> bool:
            noted = [value for index, value in self._on.notes(trial, ()) if index == found.site]
            values = [noted] if found.mode == "each" else noted
            return any(trial.table.like(value, CLOSE) & rests for value in values)

        wrong = (trial for trial in self._on.trials if not all(self._on.verdict(trial, ())))
        try:
            return bool(rests) and all(map(is_right, wrong))
        except Enough:
            return False
        finally:
            self._on.rest()

    def _further_on(self, found: Candidate) -> Candidate:
        """Of what is right, and should be something made from it, the last place of that kind: it may be used twice."""
        sites = self._on.watched.sites

        def last_first(each: Candidate) -> tuple[int, int]:
            return -sites[each.site].line, sites[each.site].column

        def is_later(each: Candidate) -> bool:
            return each.mode == "all" and last_first(each) < last_first(found) and self.is_on_the_way(each)

        if found.mode != "all" or not self.is_on_the_way(found):
            return found
        return self._instead(found, is_later, order=last_first)

    def _taken_apart(self, found: Candidate) -> list[Candidate]:
        """Two places in the place of one behind them, where what it should be is made from what they should be."""
        rests = self._known[found.quantity].rests
        first = self._on.first_wrong()
        if first is None or not rests or found.mode != "all":
            return []
        site = self._on.watched.sites[found.site]
        try:
            right = [self._on.verdict(trial, ()) for trial in self._on.trials]
            earlier = [
                each
                for each in self._search.candidates.of(first, ())
                if each.quantity in rests
                and each.tier == 0
                and self._known[each.quantity].how == WORDS
                and (self._on.watched.sites[each.site].end_line, self._on.watched.sites[each.site].end_column)
                <= (site.end_line, site.end_column)
                and each.site != found.site
            ]
            for one, two in list(combinations(earlier, 2))[:_MOST_PAIRS]:
                sites = self._on.watched.sites[one.site], self._on.watched.sites[two.site]
                if one.quantity == two.quantity or overlap(*sites) or not all(self._on.verdict(first, (one, two))):
                    continue
                if any(self._breaks(each, right) for each in (one, two)):
                    continue
                gain = self._search.gain((one, two), right)
                if gain == sum(not each for verdict in right for each in verdict) and not self._search.undoes(
                    (one,), two
                ):
                    return [one, two]
        except Enough:
            return []
        finally:
            self._on.rest()
        return []

    def _breaks(self, candidate: Candidate, right: list[tuple[bool, ...]]) -> bool:
        """Whether by itself it makes a result wrong that is right."""
        for trial, before in zip(self._on.trials, right, strict=True):
            if any(was and not now for was, now in zip(before, self._on.verdict(trial, (candidate,)), strict=True)):
                return True
        return False
