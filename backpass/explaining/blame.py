"""Where in the student's own code it goes wrong: found by experiment, in a process of the submission's own.

The right value of a quantity is put in the place of an expression. If now every wrong case comes out right, and none
that was right goes wrong, the expression is wrong and the quantity is what it should be (see `backpass.worker.blame`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

import torch

from backpass.course.language import later, tr
from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.explaining.blamed import NOT_FINITE, Inspects, Place, place_of
from backpass.explaining.changes import HOW, LOST, of_change, printable
from backpass.explaining.quantities import Kind, Quantities
from backpass.judging.cases import Case, tensors
from backpass.judging.failures import Failure
from backpass.worker.calls import NO_GRADIENT, Call, Raised
from backpass.worker.runs import MISSING, RESULT
from backpass.worker.values import identical, in_the_shape_of, items_of, same

_Item = TypeVar("_Item")
_CONFIRMING, _SMALL = 16, 1000  # cases that what is found is tried on once more, and numbers in one
_WRONG, _RIGHT, _CUTS = 12, 8, 4  # cases of each kind that a search looks at
_FOLLOWED = later("a tensor that autograd can follow back to the inputs")
_WRONG_AT_RANDOM, _DRAWN = 2, 2  # cases of a random answer, where it is wrong and where it is right
_ROUNDING = 1e-5  # relative, of float32
_LATEST = 3  # of what is right on the way
_TELLING = 3  # different numbers in a tensor of the case that a search begins with


class Blame:
    """Finds places for the exercises of a course, and keeps the quantities of its cases.

    `functions`: those that are asked in each unit.
    """

    def __init__(
        self,
        quantities: Callable[[Exercise], Quantities],
        functions: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> None:
        self._make = quantities
        self._functions = functions
        self._quantities: dict[str, Quantities] = {}
        self._first_calls: dict[int, tuple[Case, Case]] = {}
        self._searched: tuple[Sequence[Kind], Sequence[Case]] = (), ()

    def places(
        self,
        failure: Failure,
        exercise: Exercise,
        inspects: Inspects,
        elsewhere: Sequence[Case] = (),
        accepted: Sequence[Sequence[Case]] = (),
        meant: Collection[str] = (),
    ) -> list[Place]:
        """One place that explains all that is wrong, or two that do so together; none where nothing does.

        `elsewhere`: cases of other checks, which have to stay right. `accepted`: the cases of the failure with the
        answers of other right functions. `meant`: the steps of the mistake that it is, if that is known.
        """
        chosen = _chosen(failure)
        if not chosen:
            return []
        kinds, trials, calls, confirming = self._experiment(failure, chosen, exercise, elsewhere, accepted)
        if not kinds:
            return []
        rest = {
            "trials": trials,
            "confirming": confirming,
            "known": [
                [kind.how, sorted(kind.sources), [at for at, each in enumerate(kinds) if each.name in kind.rests]]
                for kind in kinds
            ],
            "named": bool(meant),
            "meant": [at for at, each in enumerate(kinds) if each.name in meant],
            "outputs": max(1, len(exercise.returns)),
            "others": sorted({*self._functions.get(exercise.unit, ())} - {exercise.name}),
        }
        findings = inspects.ask("blame", exercise.unit, exercise.name, calls, rest)
        if not findings.get("whole"):
            return []
        only = _flag_of_all([failure.cases[index] for index in failure.wrong], exercise)
        right = _latest(_right(findings.get("right", []), kinds))
        places = [
            replace(place, right=right, only=only)
            for position, found in enumerate(findings.get("found", []))
            if (place := _with_quantity(place_of(found, exercise.unit, inspects), found, kinds, position)) is not None
        ]
        places.sort(key=lambda place: (place.line, place.column))
        if len(places) == 2 and places[0].should_be == places[1].should_be:
            is_twice = places[0].expression == places[1].expression and bool(places[0].quantity)
            places = places if is_twice else places[1:]  # one thing is not to be made twice, but where it is made alike
        changed = findings.get("mutant")
        if changed is not None:
            place = place_of(changed, exercise.unit, inspects)
            told = of_change(changed, place.source[: place.column] if place is not None else "")
            if place is not None and changed.get("kind") == "loose":
                return [replace(place, is_loose=True)]
            cause = "answers_change" if changed.get("kind") == "kept" else ""
            return [replace(place, change=told, cause=cause, only=only)] if place is not None and told else []
        surplus = place_of(findings.get("surplus"), exercise.unit, inspects)
        if surplus is None:
            return places
        # The brackets around what is left are no part of what is too much.
        space = len(surplus.expression) - len(surplus.expression.lstrip(" )"))
        behind = len(surplus.expression) - len(surplus.expression.rstrip(" ("))
        surplus = replace(surplus, column=surplus.column + space, end_column=surplus.end_column - behind)
        function = findings["surplus"].get("function")
        known = isinstance(function, str) and function.isidentifier()
        is_minus = surplus.expression.startswith("-") and findings["surplus"].get("alone") is True
        text = function if known else "-" if is_minus else surplus.expression
        return [replace(place, surplus=text, only=only) for place in places[:1] or [surplus]]

    def _experiment(
        self,
        failure: Failure,
        chosen: Sequence[int],
        exercise: Exercise,
        elsewhere: Sequence[Case],
        accepted: Sequence[Sequence[Case]],
    ) -> tuple[Sequence[Kind], list[dict[str, Any]], list[Call], int]:
        """What is known, the trials with their calls, and how many of them, the last ones, only confirm."""
        cases = [self._once(failure.cases[index]) for index in chosen]
        elsewhere = [] if failure.random else elsewhere
        drawn = [case for case in elsewhere if case.statistics is not None][:_DRAWN]
        exact = [case for case in elsewhere if case.statistics is None]
        cases += _spread(exact, _RIGHT - sum(index not in failure.wrong for index in chosen))
        kinds, values = self._of(exercise).of(cases)
        self._searched = kinds, cases
        more = [case for case in exact if _size(case) <= _SMALL and not any(case is each for each in cases)]
        confirming = _spread(more, _CONFIRMING)
        # The quantities of a student's own draws are not known.
        unknown = [[MISSING] * len(kinds) for _ in drawn]
        values = [*values, *self._of(exercise).values(kinds, confirming), *unknown]
        asked = [*cases, *confirming, *drawn]
        trials = [{**_right_answer(case), "values": each} for case, each in zip(asked, values, strict=True)]
        for trial, index in zip(trials, chosen, strict=False):
            others = [each[index] for each in (failure.by_reference, *accepted)]
            different = [each for each in others if not identical(each.expected, failure.cases[index].expected)]
            trial["also"] = [(each.expected, each.tolerance) for each in different]
        return kinds, trials, [case.call() for case in asked], len(confirming) + len(drawn)

    def cut(self, failure: Failure, exercise: Exercise, inspects: Inspects) -> list[Place]:
        """Where a function leaves autograd's graph, shown by experiment; none where nothing does."""
        cases = [failure.cases[index] for index in _spread(list(failure.wrong), _CUTS)]
        trials = [{"expected": case.expected, "tolerance": case.tolerance} for case in cases]
        calls = [case.call() for case in cases]
        nothing = all(set(_grads(failure.answers[index].value)) == {NO_GRADIENT} for index in failure.wrong)
        raises = all(failure.answers[index].raised is not None for index in failure.wrong)
        rest = {"trials": trials, "nothing_arrives": nothing, "raises": raises}
        found = inspects.ask("cut", exercise.unit, exercise.name, calls, rest)
        place = place_of(found, exercise.unit, inspects)
        if place is None:
            return []
        return [replace(place, change=of_change(found)) if raises else replace(place, should_be=tr(_FOLLOWED))]

    def write(self, case: Case, exercise: Exercise, inspects: Inspects) -> tuple[Place | None, dict[str, Any]]:
        """Where a call first writes into what it was given, and its inputs after the call, by name."""
        found = inspects.ask("write", exercise.unit, exercise.name, [case.call()], {})
        after = found.get("after")
        return place_of(found, exercise.unit, inspects), after if isinstance(after, dict) else {}

    def returned(
        self, case: Case, exercise: Exercise, inspects: Inspects, output: str = "", *, exchanged: bool = False
    ) -> list[Place]:
        """What a call returns, as an expression, or of several outputs one: for a wrong type, dtype or shape.

        What a variable is set to stands for it, but where it is to be returned in another place; and for a word the
        condition on which it is returned, or another is not.
        """
        names = exercise.returns
        behind = len(names) - 1 - names.index(output) if output in names else 0
        word = case.expected if isinstance(case.expected, str) else ""
        rest = {"behind": behind, "exchanged": exchanged, "word": word}
        found = inspects.ask("returned", exercise.unit, exercise.name, [case.call()], rest)
        place = place_of(found, exercise.unit, inspects)
        return [place] if place is not None else []

    def made(self, names: Sequence[str], exercise: Exercise, inspects: Inspects, *, items: bool = False) -> list[Place]:
        """Where the function makes the first of some parts of its answer, or uses an input, if that is one place.

        With `items` the names are of lists, and what is appended to them is meant.
        """
        found = inspects.ask("made", exercise.unit, exercise.name, [], {"names": list(names), "items": items})
        place = place_of(found, exercise.unit, inspects)
        return [place] if place is not None else []

    def not_finite(self, case: Case, exercise: Exercise, inspects: Inspects) -> list[Place]:
        """Where infinity or NaN comes about in what a call returns, or in its gradients."""
        found = inspects.ask("loss", exercise.unit, exercise.name, [self._once(case).call()], {"of": "all"})
        place, times = place_of(found, exercise.unit, inspects), found.get("times")
        if place is None or type(times) is not int or found.get("what") not in ("NaN", "infinity"):
            return []
        if case.cotangent is not None:
            tell = tr(
                "In the backward pass the gradient is finite until it reaches what is marked in line {line}, "
                "which turns it into {what}.",
                line=place.line,
                what=found["what"],
            )
            return [replace(place, change=tell, cause=NOT_FINITE)]
        begins = tr(
            "Your answer is not finite. The first number that is not finite comes from what is marked in line {line}",
            line=place.line,
        )
        when = tr(", the {times}th time that it is computed", times=times) if times > 3 else ""
        how = found.get("how")
        tell = tr(
            "{begins}{when}: it turns finite numbers into {what}{how}.",
            begins=begins,
            when=when,
            what=found["what"],
            how=tr(HOW[how]) if how in HOW else "",
        )
        return [replace(place, change=tell, cause=NOT_FINITE, makes_nan=found["what"] == "NaN")]

    def lost(self, of: str, case: Case, exercise: Exercise, inspects: Inspects) -> list[Place]:
        """Where a call first loses "digits" or "fractions" of numbers."""
        found = inspects.ask("loss", exercise.unit, exercise.name, [self._once(case).call()], {"of": of})
        place, (cause, tell) = place_of(found, exercise.unit, inspects), LOST[of]
        return [replace(place, change=tr(tell, line=place.line), cause=cause)] if place is not None else []

    def holding(
        self, values: Sequence[Any], cases: Sequence[Case], exercise: Exercise, inspects: Inspects
    ) -> list[Place]:
        """The expression that comes to given values, one for each case."""
        calls = [self._once(case).call() for case in cases]
        found = inspects.ask("holding", exercise.unit, exercise.name, calls, {"values": list(values)})
        place = place_of(found, exercise.unit, inspects)
        return [place] if place is not None else []

    def line(self, number: int | None, exercise: Exercise, inspects: Inspects) -> list[Place]:
        """A whole line, where no more is known than its number."""
        lines = inspects.source(exercise.unit).split("\n")
        if number is None or not 1 <= number <= len(lines):
            return []
        text = lines[number - 1]
        start = len(text) - len(text.lstrip())
        return [Place(inspects.file(exercise.unit), number, start, number, len(text.rstrip()), printable(text))]

    def both_values(self, place: Place, case: Case, exercise: Exercise, inspects: Inspects) -> tuple[Any, Any] | None:
        """The value of a place's expression in `case`, and the right one; None where they cannot be told."""
        case = self._once(case)
        kinds, _ = self._searched
        (values,) = self._of(exercise).values(kinds, [case])
        right = next((value for kind, value in zip(kinds, values, strict=True) if kind.name == place.quantity), MISSING)
        found = inspects.ask("value", exercise.unit, exercise.name, [case.call()], {"position": place.position})
        mine = found.get("value", MISSING)
        if place.backwards and isinstance(right, list | tuple):
            right = right[::-1]
        if place.after_the_first and isinstance(right, list | tuple):
            right = right[1:]
        if isinstance(mine, list) and isinstance(right, torch.Tensor) and mine:
            right = items_of(right, mine[0])
        laid_out = in_the_shape_of(mine, right)
        if laid_out is not None and laid_out.shape == mine.shape and not same(mine, laid_out):
            right = laid_out
        if place.in_reverse or any(isinstance(each, str) for each in (mine, right)):
            return None
        return mine, right

    def right_somewhere(self, exercise: Exercise, inspects: Inspects) -> set[str]:
        """The steps that are right somewhere in the program that was searched last."""
        kinds, cases = self._searched
        found = inspects.ask("right", exercise.unit, exercise.name, [case.call() for case in cases], {})
        return {kind.name for _, kind in _right(found.get("right", []), kinds)}

    def _once(self, case: Case) -> Case:
        """Of a call that is made many times the first."""
        if case.times == 1:
            return case
        if id(case) not in self._first_calls:
            self._first_calls[id(case)] = case, replace(case, times=1, template=case.template[0])
        return self._first_calls[id(case)][1]

    def _of(self, exercise: Exercise) -> Quantities:
        if exercise.id not in self._quantities:
            self._quantities[exercise.id] = self._make(exercise)
        return self._quantities[exercise.id]


def _chosen(failure: Failure) -> list[int]:
    """The cases that a search looks at: small wrong ones first, then some that are right."""

    def can_be_tried(index: int) -> bool:
        case = failure.cases[index]
        many = case.times > 1 and (case.statistics is None or not isinstance(case.template, list))
        return case.cotangent is None and not many and not isinstance(case.expected, Raised)

    def key(index: int) -> tuple[bool, int]:
        # In a case of a few numbers only, or of zeros, what is equal by chance seems to be right.
        case = failure.cases[index]
        different = (len(set(tensor[tensor != 0].tolist())) for tensor in tensors(case.inputs))
        return max(different, default=_TELLING) < _TELLING, _size(case)

    wrong = sorted(filter(can_be_tried, failure.wrong), key=key)
    right = [index for index in range(len(failure.cases)) if index not in failure.wrong and can_be_tried(index)]
    if failure.random:  # their tensors are large, and what is right by its statistics need not be the reference's
        return wrong[:_WRONG_AT_RANDOM]
    return [*_spread(wrong, _WRONG), *_spread(right, _RIGHT)] if wrong else []


def _right_answer(case: Case) -> dict[str, Any]:
    """What a search has to arrive at. Of a random answer it is the reference's, for those who draw as it does."""
    if case.statistics is None:
        return {"expected": case.expected, "tolerance": case.tolerance}
    return {"expected": case.template, "tolerance": _rounding_of(case.template)}


def _flag_of_all(cases: Sequence[Case], exercise: Exercise) -> str:
    """A flag that has one value in all wrong cases: with the other one, something else may be asked for."""
    for name, default in exercise.parameters.items():
        given = {case.inputs.get(name, default) for case in cases} if isinstance(default, bool) else set()
        if len(given) == 1:
            return tr("Where `{name}` is {value}", name=name, value=given.pop())
    return ""


def _rounding_of(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return _ROUNDING * value.double().abs()
    if isinstance(value, list | tuple):
        return [_rounding_of(item) for item in value]
    return _ROUNDING * abs(value) if isinstance(value, float) else 0


def _spread(items: Sequence[_Item], most: int) -> list[_Item]:
    """At most so many of them, from all over the list."""
    step = max(1.0, len(items) / max(1, most))
    return [items[int(number * step)] for number in range(min(most, len(items)))]


def _size(case: Case) -> int:
    return sum(getattr(value, "numel", lambda: 1)() for value in case.inputs.values())


def _grads(value: Any) -> list[str]:
    """The gradients of an answer, those that arrive as nothing but the fact."""
    return [each if isinstance(each, str) else "" for each in value.values()] if isinstance(value, dict) else []


def _with_quantity(place: Place | None, found: Any, kinds: Sequence[Kind], position: int) -> Place | None:
    """A place with what it should be."""
    try:
        kind, second = kinds[int(found["quantity"])], int(found["second"])
        words = kind.words
        if second >= 0:  # a helper's expression, which is evaluated twice
            words = tr("{one}, and at the second call {other}", one=words, other=kinds[second].words)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if place is None:
        return None
    written = found.get("written", "")
    return replace(
        place,
        should_be=words,
        quantity=kind.name,
        position=position,
        is_result=kind.how == RESULT,
        written=written if isinstance(written, str) and written.isidentifier() else "",
        in_reverse=found.get("in_reverse") is True,
        in_a_loop=found.get("in_a_loop") is True,
        backwards=found.get("backwards") is True,
        first=found.get("first") is True,
        after_the_first=found.get("after_the_first") is True,
        on_the_way=found.get("on_the_way") is True,
        set_anew=found["set_anew"] if type(found.get("set_anew")) is int else 0,
    )


def _right(found: Any, kinds: Sequence[Kind]) -> list[tuple[int, Kind]]:
    """What is right on the way, with the line."""
    try:
        return [(int(line), kinds[int(position)]) for line, position in found]
    except (TypeError, ValueError, IndexError):
        return []


def _latest(right: list[tuple[int, Kind]]) -> str:
    latest = [f"{re.split('[:,]', kind.words)[0]} (line {line})" for line, kind in right[-_LATEST:] if kind.words]
    return listed(latest) if latest else ""
