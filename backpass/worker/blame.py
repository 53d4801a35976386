"""Which expression is wrong: the right value of a quantity is put in the place of one after the other.

Value replacement (Jeffrey, Gupta and Gupta, ISSTA 2008), with the quantities of the course as the values. It runs where
the submission runs, decides no marks, and ends after so many runs.
"""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations, count
from typing import Any

import torch

from backpass.worker.invoke import Call, fresh
from backpass.worker.mutants import KINDS, Mutant, mutants
from backpass.worker.values import CLOSE, Table, agrees, distance, fit, identical, is_unreduced, like, rounding, same
from backpass.worker.watched import STATEMENTS, Site, Stopped, WatchedModule

MOST_RUNS = 3000  # of the function, in one search: a number, so that a busy machine finds what an idle one does
_CREDIBLE = 4  # of the tiers of what is tried; higher ones are contrived
MISSING = "missing"  # stands for a quantity that a case does not have
_WHERE = ("argmax", "argmin", "argsort")
_MOST_BEGINNINGS = 3  # first ones of two replacements that are tried
_MOST_PAIRS = 200
_LARGE = 0.01  # of the largest number
_LEAST_TRIALS = 4  # before a change of the code is believed
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
    """What is known of a quantity in all cases: how (`INPUT`, `WORDS`, ...), and the parameters it is made from.

    `rests`: the quantities that it is computed from.
    """

    how: int
    sources: frozenset[str]
    rests: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """`quantity` in the place of `site`.

    `mode`: in "all" evaluations, or of several in "each" or "reversed" the items of a list, or in the "first" alone, or
    with `second` as a "pair" in two.
    """

    site: int
    quantity: int
    mode: str
    second: int = -1
    tier: int = field(default=0, compare=False)


class Enough(Exception):
    """The search has used up its runs."""


class Search:
    """The search for one function on some cases, of which some are wrong. `outputs`: how many results it has."""

    def __init__(
        self,
        watched: WatchedModule,
        function: str,
        trials: Sequence[Trial],
        known: Sequence[Known],
        outputs: int,
    ) -> None:
        self._watched = watched
        self._function = function
        self._trials = trials
        self._known = known
        self._outputs = outputs
        self._runs = 0
        self._may_stop = False

    def answers_as(self, original: Callable[..., Any]) -> bool:
        """Whether the rewritten function answers every trial as the original does."""
        for trial in self._trials:
            (theirs, error), (value, other) = called(original, trial.call), self._run(trial, ())
            if type(error) is not type(other) or not identical(theirs, value):
                return False
        return True

    def find(self) -> tuple[list[Candidate], bool]:
        """The replacements that make wrong cases right and no right one wrong, and whether they make all right."""
        self._before = [self._verdict(trial, ()) for trial in self._trials]
        try:
            return self._solve((), depth=2)
        except Enough:
            return [], False
        finally:
            self._watched.watch.begin({}, noting=False)

    def surplus(self) -> tuple[int, int] | None:
        """A sign or a function without which all is right: the site, and the part of it that is to be left alone."""
        first = self._first_wrong()
        if first is None:
            return None
        run = {index for index, _ in self._notes(first, ())}
        sites = self._watched.sites
        try:
            for index, site in enumerate(sites):
                for part in _left_alone(site) if index in run and site.function == self._function else ():
                    kept: list[Any] = []
                    swaps = {part: partial(_keep, kept), index: partial(_only, kept)}
                    if all(all(self._verdict(trial, swaps)) for trial in (first, *self._trials)):
                        return index, part
        except Enough:
            return None
        finally:
            self._watched.watch.begin({}, noting=False)
        return None

    def _first_wrong(self) -> Trial | None:
        """The first wrong trial; None where few, or one answer to all, may come right by chance with a change."""
        wrong = (trial for trial in self._trials if not all(self._verdict(trial, ())))
        differ = any(not identical(trial.expected, self._trials[0].expected) for trial in self._trials)
        return next(wrong, None) if differ and len(self._trials) >= _LEAST_TRIALS else None

    def mutant(self, kinds: Sequence[str] = KINDS) -> Mutant | None:
        """A change of one of the functions that run by which all comes right, of one of some kinds."""
        first = self._first_wrong()
        if first is None:
            return None
        run = {self._watched.sites[index].function for index, _ in self._notes(first, ())}
        try:
            for function in self._watched.functions():
                for mutant in mutants(function) if function.name in run else ():
                    if mutant.kind in kinds and self._is_right_with(mutant, first):
                        return mutant
        except Enough:
            return None
        return None

    def _is_right_with(self, mutant: Mutant, first: Trial) -> bool:
        try:
            with self._watched.with_function(mutant.function):
                self._may_stop = True
                return all(all(self._verdict(trial, ())) for trial in (first, *self._trials))
        except SyntaxError:
            return False
        finally:
            self._may_stop = False

    def right_on_the_way(self, calls: Sequence[Call]) -> list[tuple[int, int]]:
        """The quantities that some expression has in every trial, each with the line of it, in the order of a run."""
        common: dict[int, int] | None = None
        try:
            for trial, call in zip(self._trials, calls, strict=True):
                trial = replace(trial, call=call)
                table, here = Table(trial.values), dict[int, int]()
                for index, value in self._notes(trial, ()):
                    site = self._watched.sites[index]
                    for position in table.like(value, CLOSE) if site.kind == "value" else ():
                        if self._known[position].how == WORDS:
                            here.setdefault(position, site.line)
                common = here if common is None else {each: line for each, line in common.items() if each in here}
        except Enough:
            return []
        finally:
            self._watched.watch.begin({}, noting=False)
        return [(line, position) for position, line in (common or {}).items()]

    def made_at(self, candidate: Candidate, call: Call) -> int:
        """The site to point at for a candidate: its own, or where what is wrong with it came about.

        Of values in the wrong order what the loop runs over; of a tensor that was written into the last write; of a
        variable that is returned the expression that made what it holds. What is filled later, as lists are, was not
        made where it was begun.
        """
        sites, site = self._watched.sites, self._watched.sites[candidate.site]
        loop = self.loop_in_reverse(candidate)
        if loop is not None:
            return loop
        if site.kind != "name":
            return candidate.site
        if not self._is_wrong_everywhere(candidate, call):  # all of it no writing into a part has done
            seen: list[int] = []
            swaps = {index: partial(_seen, seen, index) for index, each in enumerate(sites) if _may_fill(each, site)}
            self._noted(call, swaps)
            writes = [index for index in seen[: _last(seen, candidate.site)] if sites[index].kind == "write"]
            if writes:
                return writes[-1]
        if not site.returned:
            return candidate.site
        notes = self._noted(call, {})
        held = [value for index, value in notes if index == candidate.site and not isinstance(value, list | dict)][-1:]
        unfinished = self._watched.watch.filled_later()
        made = [
            index
            for index, value in notes
            if held and value is held[0] and sites[index].kind == "value" and index not in unfinished
        ]
        return made[0] if made else candidate.site

    def loop_in_reverse(self, candidate: Candidate) -> int | None:
        """What a loop runs over that has the right values of an expression in the wrong order."""
        if candidate.mode not in ("each", "reversed") or not self._is_in_reverse(candidate):
            return None
        site = self._watched.sites[candidate.site]
        loops = (self._watched.iterables.get((site.function, name)) for name in sorted(site.names))
        return next((loop for loop in loops if loop is not None), None)

    def _is_wrong_everywhere(self, candidate: Candidate, call: Call) -> bool:
        values = [value for index, value in self._noted(call, {}) if index == candidate.site]
        right = self._trials[0].values[candidate.quantity]
        if not values or not isinstance(right, torch.Tensor) or distance(values[-1], right)[0] == math.inf:
            return False
        mine, right = values[-1].double(), right.double()
        large = mine.abs().maximum(right.abs()) > _LARGE * right.abs().max()
        return bool(((mine - right).abs() > CLOSE * right.abs().max())[large].all())

    def _is_in_reverse(self, candidate: Candidate) -> bool:
        """Whether an expression has the right values, and the loop has them in the wrong order."""
        trial = self._trials[0]
        values = [value for index, value in self._noted(trial.call, {}) if index == candidate.site]
        items = list(trial.values[candidate.quantity])
        return len(values) > 1 and same(values if candidate.mode == "reversed" else values[::-1], items)

    def _noted(self, call: Call, swaps: Mapping[int, Swap]) -> list[tuple[int, Any]]:
        """The notes of a call of which some sites are seen."""
        self._watched.watch.begin(swaps, noting=True)
        called(getattr(self._watched.module, self._function), call)
        return self._watched.watch.notes or []

    def value_of(self, candidate: Candidate, call: Call) -> Any:
        """The value that the candidate's expression has in `call` by itself."""
        notes = self._notes(Trial(call, None, None, ()), ())
        values = [value for index, value in notes if index == candidate.site]
        if not values:
            return MISSING
        return values if candidate.mode in ("each", "reversed") else values[0]

    # The search

    def _solve(self, base: tuple[Candidate, ...], depth: int) -> tuple[list[Candidate], bool]:
        right = [self._verdict(trial, base) for trial in self._trials]
        first = next((position for position, each in enumerate(right) if not all(each)), None)
        if first is None:
            return [], True
        partly: list[tuple[int, int, Candidate]] = []
        backwards: Candidate | None = None
        candidates = list(self._candidates(self._trials[first], base))
        if base:
            candidates = list(filter(self._is_convincing, candidates))
        for candidate in candidates:
            mine = self._verdict(self._trials[first], (*base, candidate))
            if not _better(mine, right[first]):
                continue
            gain = self._gain((*base, candidate), right)
            if gain is None or self._undoes(base, candidate):
                continue
            missing = sum(not each for verdict in right for each in verdict)
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
        return ([], False) if partly else self._in_series(self._trials[first], candidates, base)

    def _is_backwards(self, candidate: Candidate) -> bool:
        """Whether what is made of the replaced expression comes to a quantity that the new value is computed from.

        Such as a root that is squared again: the right value of the square would do as well, and is meant.
        """
        table = Table(self._trials[0].values)
        return any(
            candidate.site in self._watched.sites[index].parts and table.like(value, CLOSE) & rests
            for rests in [self._known[candidate.quantity].rests]
            for index, value in (self._notes(self._trials[0], (candidate,)) if rests else ())
        )

    def is_at_hand(self, found: Candidate) -> bool:
        """Whether an expression holds already, somewhere inside, what it should be: something is done to it in vain."""
        sites, trial = self._watched.sites, self._trials[0]
        inside, waiting = set[int](), list(sites[found.site].parts)
        while waiting:
            inside.add(part := waiting.pop())
            waiting += sites[part].parts
        held: dict[int, list[Any]] = {}
        for index, value in self._notes(trial, ()) if found.mode in ("all", "each") else ():
            held.setdefault(index, []).append(value)
        right = trial.values[found.quantity]
        return any(
            same(values if found.mode == "each" else values[0], right)
            for index, values in held.items()
            if index in inside
        )

    def taken_apart(self, found: Candidate) -> list[Candidate]:
        """Two places in the place of one behind them, where what it should be is made from what they should be."""
        rests = self._known[found.quantity].rests
        first = self._first_wrong()
        if first is None or not rests or found.mode != "all":
            return []
        site = self._watched.sites[found.site]
        try:
            right = [self._verdict(trial, ()) for trial in self._trials]
            earlier = [
                each
                for each in self._candidates(first, ())
                if each.quantity in rests
                and each.tier == 0
                and self._known[each.quantity].how == WORDS
                and (self._watched.sites[each.site].end_line, self._watched.sites[each.site].end_column)
                <= (site.end_line, site.end_column)
                and each.site != found.site
            ]
            for one, two in list(combinations(earlier, 2))[:_MOST_PAIRS]:
                sites = self._watched.sites[one.site], self._watched.sites[two.site]
                if one.quantity == two.quantity or _overlap(*sites) or not all(self._verdict(first, (one, two))):
                    continue
                gain = self._gain((one, two), right)
                if gain == sum(not each for verdict in right for each in verdict) and not self._undoes((one,), two):
                    return [one, two]
        except Enough:
            return []
        finally:
            self._watched.watch.begin({}, noting=False)
        return []

    def _undoes(self, base: tuple[Candidate, ...], candidate: Candidate) -> bool:
        """Whether of two replacements one takes back the other: a value is put in, and out again where it is used."""
        for other in base:
            for one, two in ((other, candidate), (candidate, other)):
                put_in = self._trials[0].values[one.quantity]
                if any(
                    index == two.site and same(value, put_in) for index, value in self._notes(self._trials[0], (one,))
                ):
                    return True
        return False

    def _is_convincing(self, candidate: Candidate) -> bool:
        """Whether a replacement may be one of two: with two, much can be made to come out right.

        A result in its own place makes all right and says nothing of the other, but where there are several.
        """
        if self._known[candidate.quantity].how == RESULT:
            return self._outputs > 1
        return candidate.tier <= 1

    def _nearest(
        self, found: Candidate, candidates: list[Candidate], base: tuple[Candidate, ...], right: list[tuple[bool, ...]]
    ) -> Candidate:
        """Of the quantities that make all right in the place of an expression, the one that its value is nearest to."""
        first = next(position for position, each in enumerate(right) if not all(each))
        trial = self._trials[first]
        value = next((value for index, value in self._notes(trial, base) if index == found.site), None)
        gain = self._gain((*base, found), right)
        far = distance(value, trial.values[found.quantity])
        wordless = self._known[found.quantity].how == WORDLESS
        rivals = [
            (how_far, position)
            for position, each in enumerate(candidates)
            if each.site == found.site
            and each.mode == found.mode != "pair"
            and (self._known[each.quantity].how == WORDLESS) == wordless
            and (how_far := distance(value, trial.values[each.quantity])) < far
        ]
        nearer = (candidates[position] for _, position in sorted(rivals))
        return next((each for each in nearer if self._gain((*base, each), right) == gain), found)

    def _gain(self, swaps: tuple[Candidate, ...], right: list[tuple[bool, ...]]) -> int | None:
        """How many more results are right with `swaps`; None where one that was right no longer is."""
        gain = 0
        for trial, before in zip(self._trials, right, strict=True):
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
        table = Table(trial.values)
        found: set[int] = set()
        for index, value in self._notes(trial, swaps):
            if self._watched.sites[index].kind == "value":
                found |= table.like(value, CLOSE)
        return {position for position in found if self._known[position].how == WORDS}

    def _candidates(self, trial: Trial, base: tuple[Candidate, ...]) -> Iterator[Candidate]:
        """What to try on a trial, the most convincing first."""
        by_site: dict[int, list[Any]] = {}
        for index, value in self._notes(trial, base):
            by_site.setdefault(index, []).append(value)
        unfinished = self._watched.watch.filled_later()
        table = Table(trial.values)
        like = {index: table.like(values[0], CLOSE) for index, values in by_site.items()}
        sites = self._watched.sites
        variables = (index for index in by_site if sites[index].kind in ("name", "argument"))
        at_hand = {position for position, known in enumerate(self._known) if known.how == INPUT}
        at_hand = at_hand.union(*(like[index] for index in variables))
        named = {position for position, known in enumerate(self._known) if known.how in (WORDS, RESULT)}
        taken = [sites[candidate.site] for candidate in base]
        results = [value for index, values in by_site.items() if sites[index].returned for value in values[-1:]]
        found: list[tuple[tuple[int, ...], Candidate]] = []
        for order, (index, values) in enumerate(by_site.items()):
            site = sites[index]
            if site.kind in STATEMENTS or index in unfinished or any(_overlap(site, other) for other in taken):
                continue
            equal = table.like(values[0], rounding(values[0])) if len(values) == 1 else set()
            # What comes to a right quantity is hardly wrong, whatever could stand in its place.
            is_number = not isinstance(values[0], bool | int)
            seems_right = site.kind == "argument" or (is_number and bool(like[index] & named))
            inputs = self._inputs_in(site, like) if is_number else set()
            for position, quantity in enumerate(trial.values):
                known = self._known[position]
                tier = self._tier(site, known)
                if tier is not None and known.how == INPUT and site.kind == "value":
                    tier = self._tier_of_an_input(site, known, position in inputs, quantity, values[0])
                if tier is None or isinstance(quantity, str) or position in equal:
                    continue
                if tier == 5 and not any(same(values[-1], each) for each in results):
                    continue
                # A variable that is right may be the wrong one, where the right one is at hand.
                doubt = seems_right and (site.kind == "value" or position not in at_hand)
                if self._sources(site) is None and len(values) == 2:
                    found += self._pairs_for(index, values, position, trial, order)
                for mode in _modes(values, quantity):
                    # Where the largest is was asked for, and how large it is was meant.
                    form = fit(list(map(_as_number, values)) if site.operation in _WHERE else values, quantity, mode)
                    if form is not None:
                        # The same numbers in another shape, or not yet summed, are what was meant and went wrong.
                        may_be = form in (1, 3) and site.kind == "value" and not site.in_test
                        meant = may_be and is_unreduced(values[0], quantity)
                        full = tier + (form == 3) if meant else tier + (0, 2, 3, 7)[form] + 4 * doubt
                        if full > _CREDIBLE and known.how != RESULT:
                            continue  # the numbers may come out right, and no tutor would say so
                        # What can be said in words comes before what cannot.
                        rank = full + (_CREDIBLE if known.how == WORDLESS else 0), order, position
                        found.append((rank, Candidate(index, position, mode, tier=full)))
        yield from (candidate for _, candidate in sorted(found, key=lambda each: each[0]))

    def _pairs_for(
        self, index: int, values: list[Any], first: int, trial: Trial, order: int
    ) -> Iterator[tuple[tuple[int, ...], Candidate]]:
        """Two quantities for an expression of a helper that is called twice."""
        if self._watched.sites[index].kind != "value" or self._known[first].how != WORDS:
            return
        for second, quantity in enumerate(trial.values):
            if second != first and self._known[second].how == WORDS and not isinstance(quantity, str):
                pair = (values[:1], trial.values[first]), (values[1:], quantity)
                if all(fit(mine, right, "all") == 0 and not same(mine[0], right) for mine, right in pair):
                    yield (0, order, first, second), Candidate(index, first, "pair", second)

    def _tier(self, site: Site, known: Known) -> int | None:
        """How convincing it is that a quantity belongs in the place of an expression; None where it is not."""
        if known.how == RESULT:
            return 6 if site.returned else None if site.kind != "value" else 5
        if site.in_test and (known.how in (INPUT, WORDLESS) or site.kind in ("argument", "constant")):
            return None
        sources = self._sources(site)
        made_from_it = sources is None or sources <= known.sources
        if site.kind == "argument":
            if known.how == INPUT:
                return 2
            return 3 if known.how == WORDS and made_from_it and len(known.sources) > 1 else None
        if known.how == INPUT:
            if site.kind == "value" and not site.returned:
                return 0 if sources == known.sources else 2  # made from nothing else, it is to be the input itself
            return 2 if site.kind == "constant" else None
        if site.kind == "constant":
            return 2 if known.how == WORDS else None
        if site.kind == "name":
            return 3 if made_from_it else None
        tier = 0 if known.how == WORDS else 2
        # What depends on more than the quantity does may come out right with it by chance.
        strange = 0 if made_from_it else 3
        # What a helper returns is as good a place as the call of it, and nearer to the mistake; inside of it much fits.
        in_a_helper = site.function != self._function
        return tier + strange + (1 if site.returned != in_a_helper or site.in_test else 0)

    def _inputs_in(self, site: Site, like: Mapping[int, set[int]]) -> set[int]:
        """The inputs that an expression is directly made of."""
        parts = (part for part in site.parts if self._watched.sites[part].kind == "argument")
        return set().union(*(like.get(part, set()) for part in parts))

    def _tier_of_an_input(self, site: Site, known: Known, is_in_it: bool, quantity: Any, value: Any) -> int | None:
        """The same for an input in the place of an expression.

        A tensor is hardly the right one by chance, a single number easily: it is believed where the expression is made
        of it, or of nothing that it is made of.
        """
        if site.returned or (site.in_test and not is_in_it):
            return None if site.in_test else 2
        sources = self._sources(site)
        many = isinstance(quantity, torch.Tensor) and quantity.dim() > 0 and isinstance(value, torch.Tensor)
        if sources == known.sources or is_in_it or (many and value.shape == quantity.shape):
            return 0
        return 2 if many or sources is None or not known.sources & sources else None

    def _sources(self, site: Site) -> frozenset[str] | None:
        """The parameters of the function that an expression depends on; None in a helper, which has others."""
        return site.sources if site.function == self._function else None

    # Running

    def _run(
        self, trial: Trial, swaps: Sequence[Candidate] | Mapping[int, Swap], *, noting: bool = False
    ) -> tuple[Any, BaseException | None]:
        self._runs += 1
        if self._runs > MOST_RUNS:
            raise Enough
        watch = self._watched.watch
        if not isinstance(swaps, Mapping):
            swaps = {each.site: _swap(each, trial) for each in swaps}
        watch.begin(swaps, noting=noting)
        outcome = called(getattr(self._watched.module, self._function), trial.call)
        if isinstance(outcome[1], Stopped) and not self._may_stop:
            raise Enough
        return outcome

    def _notes(self, trial: Trial, swaps: Sequence[Candidate]) -> list[tuple[int, Any]]:
        self._run(trial, swaps, noting=True)
        return self._watched.watch.notes or []

    def _verdict(self, trial: Trial, swaps: Sequence[Candidate] | Mapping[int, Swap]) -> tuple[bool, ...]:
        """Which results are right."""
        value, raised = self._run(trial, swaps)
        if raised is not None:
            return (False,) * self._outputs
        if self._outputs == 1:
            return (agrees(value, trial.expected, trial.tolerance),)
        if not isinstance(value, list | tuple) or len(value) != self._outputs:
            return (False,) * self._outputs
        return tuple(map(agrees, value, trial.expected, trial.tolerance))


def called(function: Callable[..., Any], call: Call) -> tuple[Any, BaseException | None]:
    """What a function returns, and what it raises."""
    args, kwargs = ({name: fresh(value, "cpu") for name, value in each.items()} for each in (call.args, call.kwargs))
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
            return function(*args.values(), **kwargs), None
    except BaseException as error:
        return None, error


def _as_number(value: Any) -> Any:
    return value.double() if isinstance(value, torch.Tensor) else value


def _left_alone(site: Site) -> tuple[int, ...]:
    """The parts of an expression that it would come to if a sign or a function were not there."""
    if site.kind != "value" or not site.operation or site.in_test:
        return ()
    if site.operation in ("+", "*", "@"):
        return site.parts if len(site.parts) == 2 else ()
    return site.parts[:1]


def _keep(kept: list[Any], value: Any) -> Any:
    kept.append(value)
    return value


def _only(kept: list[Any], value: Any) -> Any:
    """The value that was kept in the place of another, of the form of which it must be."""
    return kept[-1] if kept and fit([value], kept[-1], "all") == 0 else value


def _may_fill(write: Site, site: Site) -> bool:
    """Whether a statement writes into the variable of a site; the site itself is one of those that are seen."""
    return write is site or (write.kind == "write" and write.function == site.function and write.names == site.names)


def _seen(seen: list[int], index: int, value: Any) -> Any:
    seen.append(index)
    return value


def _last(seen: list[int], index: int) -> int:
    """The position behind which a site is not seen again."""
    return len(seen) - seen[::-1].index(index) if index in seen else 0


def _swap(candidate: Candidate, trial: Trial) -> Swap:
    quantity = trial.values[candidate.quantity]
    if candidate.mode == "all":
        return lambda value: like(quantity, value)
    evaluation = count()
    if candidate.mode == "pair":
        pair = quantity, trial.values[candidate.second]
        return lambda value: like(pair[min(next(evaluation), 1)], value)
    if candidate.mode in ("each", "reversed"):
        items = list(quantity) if candidate.mode == "each" else list(quantity)[::-1]

        def nth(value: Any) -> Any:
            position = next(evaluation)
            return like(items[position], value) if position < len(items) else value

        return nth
    return lambda value: like(quantity, value) if next(evaluation) == 0 else value


def _modes(values: list[Any], quantity: Any) -> tuple[str, ...]:
    one_of_one = isinstance(quantity, list | tuple) and len(quantity) == 1 and not isinstance(values[0], list | tuple)
    if len(values) == 1:
        return ("each",) if one_of_one else ("all",)
    if isinstance(quantity, list | tuple) and len(quantity) == len(values):
        return ("each", "reversed")
    return ("first",) if not all(same(value, values[0]) for value in values[1:]) else ("all",)


def _overlap(site: Site, other: Site) -> bool:
    """Whether one of two expressions is a part of the other."""
    first, second = sorted(((each.line, each.column), (each.end_line, each.end_column)) for each in (site, other))
    return second[0] < first[1]


def _better(after: tuple[bool, ...], before: tuple[bool, ...]) -> bool:
    return sum(after) > sum(before) and not any(was and not now for was, now in zip(before, after, strict=True))
