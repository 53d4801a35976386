"""Changes of a program by which all comes right: a part of an expression left out, one node or line mutated."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch

from backpass.worker.mutants import KINDS, Mutant, mutants, without_a_choice
from backpass.worker.rewriting import Site
from backpass.worker.runs import Enough, Runs, Trial
from backpass.worker.values import fit

_OTHER_VALUES = ("sign", "exchanged", "whole", "function", "one_off", "negated", "rounded")


def surplus(on: Runs) -> tuple[int, int] | None:
    """A sign or a function without which all is right: the site, and the part of it that is to be left alone."""
    on.begin_again()
    first = on.first_wrong()
    if first is None:
        return None
    run = {index for index, _ in on.notes(first, ())}
    sites = on.watched.sites
    try:
        for index, site in enumerate(sites):
            for part in _left_alone(site) if index in run and site.function == on.function else ():
                kept: list[Any] = []
                swaps = {part: partial(_keep, kept), index: partial(_only, kept, site.operation.isidentifier())}
                if all(all(on.verdict(trial, swaps)) for trial in (first, *on.trials, *on.confirming)):
                    return index, part
    except Enough:
        return None
    finally:
        on.rest()
    return None


def mutant(on: Runs, kinds: Sequence[str] = KINDS) -> Mutant | None:
    """A change of one of the functions that run by which all comes right, of one of some kinds."""
    on.begin_again()
    first = on.first_wrong()
    if first is None:
        return None
    is_divided = isinstance(on.run(first, ())[1], ZeroDivisionError)
    wrong = _asked_for_where_wrong(on)
    if is_divided or all(map(_is_zero, wrong)):  # another value is no reason: many would do
        kinds = [kind for kind in kinds if kind not in _OTHER_VALUES]
    elif all(isinstance(each, str) for each in wrong):  # as thresholds of a word many would do, too
        kinds = [kind for kind in kinds if kind != "sign"]
    run = {on.function, *(on.watched.sites[index].function for index, _ in on.notes(first, ()))} - on.others
    try:
        for function in on.watched.functions:
            for mutant in mutants(function, kinds) if function.name in run else ():
                if not _is_right_with(on, mutant.function, first):
                    continue
                # Where a comparison would decide nothing any more, its other bound is not what is missing, and where 0
                # would do as well it is not the operation.
                rivals = (mutant.zero, *(each.function for each in without_a_choice(mutant)))
                if not any(_is_right_with(on, each, first) for each in rivals):
                    return mutant
    except Enough:
        return None
    return None


def _asked_for_where_wrong(on: Runs) -> list[Any]:
    """What all results that come out wrong are to be."""
    wrong: list[Any] = []
    for trial in on.trials:
        expected = [trial.expected] if on.outputs == 1 else trial.expected
        wrong += [each for each, right in zip(expected, on.verdict(trial, ()), strict=True) if not right]
    return wrong


def _is_zero(value: Any) -> bool:
    """Whether it is a number, or numbers, of 0: by chance much comes to it."""
    return isinstance(value, float | torch.Tensor) and not bool(torch.as_tensor(value).count_nonzero())


def _is_right_with(on: Runs, function: ast.FunctionDef | None, first: Trial) -> bool:
    if function is None:
        return False
    try:
        with on.watched.with_function(function):
            on.is_changed = True
            return all(all(on.verdict(trial, ())) for trial in (first, *on.trials, *on.confirming))
    except SyntaxError:
        return False
    finally:
        on.is_changed = False


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


def _only(kept: list[Any], is_call: bool, value: Any) -> Any:
    """The value that was kept in the place of another, of the form of which it must be; of calls any number."""
    if not kept:
        return value
    are_numbers = is_call and all(type(each) in (int, float) for each in (value, kept[-1]))
    return kept[-1] if are_numbers or fit([value], kept[-1], "all") == 0 else value
