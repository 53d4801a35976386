"""Where to point at: of what should have another value the place where it came about, and what is right on the way."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any

import torch

from backpass.worker.calls import Call
from backpass.worker.making import set_anew, set_beside_others
from backpass.worker.rewriting import STATEMENTS, Site
from backpass.worker.runs import MISSING, WORDS, Candidate, Enough, Known, Runs, Trial, called
from backpass.worker.values import CLOSE, SEVERAL, distance, identical, same
from backpass.worker.watched import WatchedModule

_AS_A_NUMBER = ("float", "item", "int", "bool", "double")
_LARGE = 0.01  # of the largest number


def right_on_the_way(
    on: Runs, known: Sequence[Known], calls: Sequence[Call], *, perhaps: bool = False
) -> list[tuple[int, int]]:
    """The quantities that come out right wherever they are computed, each with the line, in the order of a run.

    An expression that has a quantity's value in one trial, and in another has not, has it by chance. With `perhaps` it
    is enough that in each trial some expression has it: then nothing may be said of how the quantity is computed.
    """
    trials: list[dict[int, set[int]]] = []  # what each expression has in a trial
    try:
        for trial, call in zip(on.trials, calls, strict=True):
            here: dict[int, set[int]] = {}
            for index, value in on.notes(replace(trial, call=call), ()):
                if on.watched.sites[index].kind == "value":
                    has = trial.table.like(value, CLOSE)
                    # In a loop one of two answers is soon the right one.
                    is_one_of_two = value is True or value is False or getattr(value, "dtype", None) == torch.bool
                    here[index] = here.get(index, has) & has if is_one_of_two else here.get(index, set()) | has
            trials.append(here)
    except Enough:
        return []
    finally:
        on.rest()
    always: dict[int, set[int]] = {}
    for here in trials:
        always.update({index: always.get(index, has) & has for index, has in here.items()})
    everywhere = set.intersection(*(set[int]().union(*here.values()) for here in trials))
    first: dict[int, int] = {}
    for index, has in trials[0].items():
        is_usual = 2 * sum(index in here for here in trials) > len(trials)
        for position in has & everywhere if perhaps else always[index] if is_usual else ():
            if known[position].how == WORDS:
                first.setdefault(position, on.watched.sites[index].line)
    return [(line, position) for position, line in first.items()]


def made_at(on: Runs, candidate: Candidate, call: Call, *, is_named: bool = False) -> int:
    """The site to point at for a candidate: its own, or where what is wrong with it came about.

    Of values in the wrong order what the loop runs over; of a tensor that was written into the last write; of a
    variable that is returned, or made anew in every round, the expression that made what it holds. What is filled
    later, as lists are, was not made where it was begun; where it is said what is wrong (`is_named`), that may be
    pointed at all the same.
    """
    sites, site = on.watched.sites, on.watched.sites[candidate.site]
    loop = loop_in_reverse(on, candidate)
    if loop is not None:
        return loop
    at, is_returned = candidate.site, site.returned
    if is_returned and site.operation in _AS_A_NUMBER and len(site.parts) == 1:  # what is turned into a number
        at = site.parts[0]
        site = sites[at]
    if site.kind != "name" and not (site.kind == "argument" and is_returned):
        return candidate.site
    seen: list[int] = []
    swaps = {index: partial(noted_in, seen, index) for index, each in enumerate(sites) if _may_fill(each, site)}
    on.noted(call, swaps)
    writes = [index for index in seen[: _last(seen, at)] if sites[index].kind == "write"]
    # All of it one writing into a part has not done.
    if len(writes) > 1 or (writes and not _is_wrong_everywhere(on, candidate, call)):
        return writes[-1]
    notes = on.noted(call, {})
    held = [value for index, value in notes if index == at][-1:]
    unfinished, begun = on.watched.watch.filled_later(), on.watched.watch.begun_as(at)
    made = [
        index
        for index, value in notes
        if held and identical(value, held[0]) and sites[index].kind == "value" and index not in unfinished
    ]
    if not is_returned:  # in a loop the round before is lost where it is made, and not where it is used
        again = [index for index, _ in notes]
        in_rounds = [index for index in made if sites[index].function == site.function and again.count(index) > 1]
        is_unknown = bool(held) and not on.trials[0].table.like(held[0], CLOSE)
        return in_rounds[0] if in_rounds and is_unknown and again.count(at) == 1 else candidate.site
    own = [index for index in made if sites[index].function == site.function]
    if own and sites[made[0]].function != site.function and _is_used_again(on, made[0]):
        made = own
    if made and not (isinstance(held[0], torch.Tensor) and held[0].dim()):  # a part may be the same number by chance
        around = [index for index in made if made[0] in sites[index].parts]
        made = around or made
    if is_named and not made and writes and sites[begun].kind != "argument":  # the write is not to blame alone
        return begun
    return made[0] if made else candidate.site


def _is_used_again(on: Runs, index: int) -> bool:
    """Whether a run comes to an expression, of a helper, more than once: it makes other things, too."""
    return any([each for each, _ in on.noted(trial.call, {})].count(index) > 1 for trial in on.trials)


def loop_in_reverse(on: Runs, candidate: Candidate) -> int | None:
    """What a loop runs over that has the right values of an expression in the wrong order."""
    if not in_reverse(on, candidate):
        return None
    site = on.watched.sites[candidate.site]
    loops = (on.watched.iterables.get((site.function, name)) for name in sorted(site.names))
    return next((loop for loop in loops if loop is not None), None)


def _is_wrong_everywhere(on: Runs, candidate: Candidate, call: Call) -> bool:
    values = [value for index, value in on.noted(call, {}) if index == candidate.site]
    right = on.trials[0].values[candidate.quantity]
    if not values or not isinstance(right, torch.Tensor) or distance(values[-1], right)[0] == math.inf:
        return False
    mine, right = torch.as_tensor(values[-1]).double(), right.double()
    large = mine.abs().maximum(right.abs()) > _LARGE * right.abs().max()
    return bool(((mine - right).abs() > CLOSE * right.abs().max())[large].all())


def in_reverse(on: Runs, candidate: Candidate) -> bool:
    """Whether an expression has the right values, one after the other, and only their order is wrong."""
    if candidate.mode not in ("each", "reversed"):
        return False
    trial = on.trials[0]
    values = [value for index, value in on.noted(trial.call, {}) if index == candidate.site]
    items = list(trial.values[candidate.quantity])
    return len(values) > 1 and same(values if candidate.mode == "reversed" else values[::-1], items)


def value_of(on: Runs, candidate: Candidate, call: Call) -> Any:
    """The value that the candidate's expression has in `call` by itself."""
    notes = on.notes(Trial(call, None, None, ()), ())
    values = [value for index, value in notes if index == candidate.site]
    if not values:
        return MISSING
    return values if candidate.mode in SEVERAL else values[0]


def _may_fill(write: Site, site: Site) -> bool:
    """Whether a statement writes into the variable of a site; the site itself is one of those that are seen."""
    return write is site or (write.kind == "write" and write.function == site.function and write.names == site.names)


def noted_in(seen: list[int], index: int, value: Any) -> Any:
    """A swap that changes nothing, and notes that a site is evaluated."""
    seen.append(index)
    return value


def _last(seen: list[int], index: int) -> int:
    """The position behind which a site is not seen again."""
    return len(seen) - seen[::-1].index(index) if index in seen else 0


def name_taken_apart(watched: WatchedModule, index: int) -> ast.Name | None:
    """Of a variable that is set once, by taking apart what a call returns, the name there: the call makes it."""
    site, function = watched.sites[index], watched.function_of(index)
    return set_beside_others(function, *site.names) if function is not None and site.kind == "name" else None


def set_anew_before(watched: WatchedModule, index: int) -> int:
    """Of a parameter that is used the line in which it has been given another value; else 0."""
    site, function = watched.sites[index], watched.function_of(index)
    if function is None or site.kind != "argument":
        return 0
    (parameter,) = site.names
    return set_anew(function, parameter, site.line)


def smallest_around(sites: Sequence[Site], start: tuple[int, int], end: tuple[int, int]) -> int | None:
    """The smallest watched expression that a place lies in."""
    around = [
        (index, site)
        for index, site in enumerate(sites)
        if site.kind not in STATEMENTS and (site.line, site.column) <= start and end <= (site.end_line, site.end_column)
    ]
    if not around:
        return None
    return min(around, key=lambda each: (each[1].end_line - each[1].line, each[1].end_column - each[1].column))[0]


def holding(
    watched: WatchedModule, function: Callable[..., Any], calls: Sequence[Call], values: Sequence[Any]
) -> int | None:
    """The first expression, in the order of a run, that comes to the value that is given for each call.

    One that is evaluated more than once, in a helper or a loop, may be right the other times.
    """
    kept: list[int] | None = None
    for call, wanted in zip(calls, values, strict=True):
        watched.watch.begin({}, noting=True)
        called(function, call)
        notes = watched.watch.notes or []
        times = Counter(index for index, _ in notes)
        here = [index for index, value in notes if times[index] == 1 and same(value, wanted)]
        here = [index for index in here if watched.sites[index].kind == "value"]
        kept = here if kept is None else [index for index in kept if index in here]
    return next(iter(kept or ()), None)


def maker_of_a_pair(watched: WatchedModule, values: Sequence[Any]) -> int | None:
    """The call of the last run that returned one of some values, of those of `max` with a dimension and the like."""
    pairs = [each for each in values if type(each).__module__ == "torch.return_types"]
    notes = (watched.watch.notes or []) if pairs else []
    return next((index for index, each in notes if each is pairs[0] and watched.sites[index].kind == "value"), None)


def last_step(error: BaseException, file: str) -> TracebackType | None:
    """The last step in a file that an exception came through."""
    step: TracebackType | None = error.__traceback__
    last = None
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            last = step
        step = step.tb_next
    return last
