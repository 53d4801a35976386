"""What to try: which quantity may stand in the place of which expression, the most convincing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import torch

from backpass.worker.rewriting import STATEMENTS, Site
from backpass.worker.runs import INPUT, RESULT, WORDLESS, WORDS, Candidate, Known, Runs, Trial
from backpass.worker.values import (
    CLOSE,
    fit,
    in_the_shape_of,
    is_all_in_one,
    is_unreduced,
    number_of_items,
    reductions,
    rounding,
    same,
)
from backpass.worker.wire import Seed

CREDIBLE = 4  # of the tiers of what is tried; higher ones are contrived
_MOST_ROUNDS = 100
_LIMITS = ("min", "max", "minimum", "maximum", "clamp", "clip")
_REDUCTIONS = ("sum", "mean")
_WHERE = ("argmax", "argmin", "argsort")


class Candidates:
    """Finds them for one function. `known`: what is known of each quantity."""

    def __init__(self, on: Runs, known: Sequence[Known]) -> None:
        self._on = on
        self._known = known
        self._is_drawn = any(isinstance(value, Seed) for trial in on.trials for value in trial.call.args.values())
        self._found: dict[tuple[int, tuple[Candidate, ...]], list[Candidate]] = {}  # by id: `on` keeps its trials

    def of(self, trial: Trial, base: tuple[Candidate, ...]) -> list[Candidate]:
        """What to try on a trial, the most convincing first; found once."""
        key = id(trial), base
        if key not in self._found:
            self._found[key] = self._find(trial, base)
        return self._found[key]

    def _find(self, trial: Trial, base: tuple[Candidate, ...]) -> list[Candidate]:
        by_site: dict[int, list[Any]] = {}
        for index, value in self._on.notes(trial, base):
            by_site.setdefault(index, []).append(value)
        unfinished = self._on.watched.watch.filled_later()
        table = trial.table
        like = {index: table.like(values[0], CLOSE) for index, values in by_site.items()}
        sites = self._on.watched.sites
        variables = (index for index in by_site if sites[index].kind in ("name", "argument"))
        at_hand = {position for position, known in enumerate(self._known) if known.how == INPUT}
        at_hand = at_hand.union(*(like[index] for index in variables))
        named = {position for position, known in enumerate(self._known) if known.how in (WORDS, RESULT)}
        taken = [sites[candidate.site] for candidate in base]
        lengths = {len(quantity) for quantity in trial.values if isinstance(quantity, list | tuple)}
        whole = {part: index for index in by_site for part in sites[index].parts}
        loops = [site for site in sites if site.kind == "loop"]
        # What a round of a loop comes to is not yet the result.
        repeated = {index for index in by_site if any(loop.line < sites[index].line <= loop.end_line for loop in loops)}
        results = [value for index, values in by_site.items() if sites[index].returned for value in values[-1:]]
        reductions_here = (index for index in by_site if sites[index].operation in _REDUCTIONS)
        summed_up = [by_site[part][0] for index in reductions_here for part in sites[index].parts if part in by_site]
        found: list[tuple[tuple[int, ...], Candidate]] = []
        for order, (index, values) in enumerate(by_site.items()):
            site = sites[index]
            if site.kind in STATEMENTS or index in unfinished or site.function in self._on.others:
                continue
            if any(overlap(site, other) for other in taken):
                continue
            equal = table.like(values[0], rounding(values[0])) if len(values) == 1 else set()
            # What comes to a right quantity is hardly wrong, whatever could stand in its place.
            is_number = not isinstance(values[0], bool | int)
            seems_right = site.kind == "argument" or (is_number and bool(like[index] & named))
            inputs = self._inputs_in(site, like) if is_number else set()
            around = whole.get(index)
            reduced = cache(partial(reductions, values[0]))
            is_whole = index not in repeated and any(same(values[-1], each) for each in results)
            firsts, seconds = self._in_pairs(site, values, trial)
            for position, quantity in enumerate(trial.values):
                known = self._known[position]
                tier = self._tier(site, known)
                if site.kind == "name" and known.how == INPUT and seems_right and isinstance(quantity, torch.Tensor):
                    tier = 3  # a variable that is right, and not the one that was meant
                if tier is not None and known.how == INPUT and site.kind == "value":
                    tier = self._tier_of_an_input(site, known, position in inputs, quantity, values[0])
                if tier is None or isinstance(quantity, str) or position in equal:
                    continue
                # A helper that is called for other things, too, is right for them: it is the call that is wrong.
                if known.how == RESULT and len(values) > 1 and site.function != self._on.function:
                    continue
                if type(values[0]) is int and type(quantity) is float and site.kind != "value":
                    continue  # what is rounded was computed
                # What is filled with one number is hardly to hold several; it is not what is to be used.
                tier += 2 * (site.kind == "constant" and _is_of_one_number(values[0]) > _is_of_one_number(quantity))
                # What only a limit is set to is not yet the result.
                if tier == 5 and around is not None and sites[around].operation in _LIMITS:
                    continue
                # A variable that is right may be the wrong one, where the right one is at hand.
                doubt = seems_right and (site.kind == "value" or position not in at_hand)
                for second in seconds if position in firsts else ():
                    if second != position:
                        found.append(((0, order, position, second), Candidate(index, position, "pair", second)))
                for mode in _modes(values, quantity):
                    # The rows of a draw are those of another draw, and no loop's.
                    if mode == "each" and isinstance(quantity, torch.Tensor) and self._is_drawn:
                        continue
                    if tier == 5 and not is_whole and mode not in ("each", "rest"):
                        continue
                    # The same numbers as another quantity's, which has the shape: that is the one to speak of.
                    if mode == "reshaped" and table.like(in_the_shape_of(values[0], quantity), CLOSE):
                        continue
                    # Where the largest is was asked for, and how large it is was meant.
                    form = fit(list(map(_as_number, values)) if site.operation in _WHERE else values, quantity, mode)
                    # Once for each item of a list is no first time of several.
                    in_a_list = mode == "first" and known.how != INPUT and len(values) in lengths
                    if form is not None and not in_a_list:
                        # The same numbers in another shape, or not yet summed, are what was meant and went wrong.
                        may_be = form in (1, 3) and site.kind == "value" and not site.in_test
                        summed = form == 2 and site.operation and is_all_in_one(values[0], quantity)
                        # Or they are summed, in a wrong way: that is where it goes wrong.
                        is_reduced = (around is not None and position in like[around]) or (
                            form == 3 and any(same(values[0], each) for each in summed_up)
                        )
                        meant = may_be and not is_reduced and is_unreduced(values[0], quantity, reduced)
                        # What a loop meets by chance.
                        tier += mode == "rest" or (mode == "each" and isinstance(quantity, torch.Tensor))
                        full = tier + (form == 3) if meant or summed else tier + (0, 2, 3, 7)[form] + 4 * doubt
                        # A variable that is right, and not what was meant: for want of anything else that has words.
                        instead = doubt and site.kind == "name" and known.how == WORDS and form == 0 and tier <= 3
                        if full > CREDIBLE and known.how != RESULT and not instead:
                            continue  # the numbers may come out right, and no tutor would say so
                        # What can be said in words comes before what cannot.
                        last = CREDIBLE if known.how == WORDLESS else 0
                        rank = CREDIBLE + 1 if instead else full + last, order, position
                        found.append((rank, Candidate(index, position, mode, tier=full)))
        return [candidate for _, candidate in sorted(found, key=lambda each: each[0])]

    def _in_pairs(self, site: Site, values: list[Any], trial: Trial) -> tuple[list[int], list[int]]:
        """The quantities for an expression of a helper that is called twice, by the call."""
        if self._sources(site) is not None or len(values) != 2 or site.kind != "value":
            return [], []

        def fitting(value: Any) -> list[int]:
            right = trial.table.like(value, CLOSE)
            return [
                position
                for position, quantity in enumerate(trial.values)
                if self._known[position].how == WORDS and position not in right and fit([value], quantity, "all") == 0
            ]

        return fitting(values[0]), fitting(values[1])

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
        in_a_helper = site.function != self._on.function
        return tier + strange + (1 if site.returned != in_a_helper or site.in_test else 0)

    def _inputs_in(self, site: Site, like: Mapping[int, set[int]]) -> set[int]:
        """The inputs that an expression is directly made of."""
        parts = (part for part in site.parts if self._on.watched.sites[part].kind == "argument")
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
        return site.sources if site.function == self._on.function else None


def _modes(values: list[Any], quantity: Any) -> tuple[str, ...]:
    if len(values) > _MOST_ROUNDS:
        return ()  # a search that comes nearer with every round, where one right number leads to the end by itself
    one_of_one = isinstance(quantity, list | tuple) and len(quantity) == 1 and not isinstance(values[0], list | tuple)
    if len(values) == 1:
        return ("each",) if one_of_one else ("all", "reshaped")
    if isinstance(quantity, list | tuple) and len(quantity) == len(values):
        return ("each", "reversed")
    if number_of_items(quantity, values[0]) == len(values):
        return ("each",)
    if isinstance(quantity, list | tuple) and len(quantity) == len(values) + 1:
        return ("rest",)  # of a list that begins with what there was before the loop
    return ("first",) if not all(same(value, values[0]) for value in values[1:]) else ("all",)


def overlap(site: Site, other: Site) -> bool:
    """Whether one of two expressions is a part of the other."""
    first, second = sorted(((each.line, each.column), (each.end_line, each.end_column)) for each in (site, other))
    return second[0] < first[1]


def _is_of_one_number(value: Any) -> bool:
    return not isinstance(value, torch.Tensor) or not value.numel() or bool((value == value.reshape(-1)[0]).all())


def _as_number(value: Any) -> Any:
    return value.double() if isinstance(value, torch.Tensor) else value
