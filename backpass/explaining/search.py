"""What is found out about a failure before a word is said: which mistakes explain it, and where it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from backpass.explaining import patterns
from backpass.explaining.asked import Asked
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import NOT_FINITE, Place
from backpass.explaining.counterexample import overflows
from backpass.explaining.form import is_right_but_for_its_shape
from backpass.explaining.mistakes import Mistake
from backpass.explaining.names import Names
from backpass.explaining.outputs import exchanged, right_elsewhere
from backpass.explaining.overflow import is_all as is_all_an_overflow
from backpass.explaining.precision import are_cut_to_whole, is_right_but_rounded
from backpass.judging.assertions import by_variant
from backpass.judging.cases import Case
from backpass.judging.failures import Description

_MOST_VARIANTS = 8  # other right answers that a mended program may come to
_HELD = 6  # cases in which an expression has the wrong values of a mistake
_ENDLESS = ("timeout", "RecursionError", "MemoryError")
_OF_THE_FORM = ("none", "type", "length", "shape", "dtype")  # kinds of differences


@dataclass(frozen=True)
class Found:
    """`named`: the mistakes that explain a failure together. `slip`: what went wrong in the one place that there is.

    `places`: where it goes wrong; with `is_placed` shown by experiment, else what is returned. `chance`: what random
    numbers say by themselves.
    """

    named: list[Mistake]
    slip: list[Mistake]
    places: list[Place]
    is_placed: bool
    chance: Description | None


class Search:
    """Finds mistakes by what they answer (`names`), and places by experiments in the student's program (`blame`)."""

    def __init__(self, names: Names, blame: Blame) -> None:
        self._names = names
        self._blame = blame

    def find(self, asked: Asked) -> Found:
        """All that can be found out: a first guess, and what further experiments make of it, each of the one before."""
        found = self._guess(asked)
        for revised in (
            self._with_slips,
            self._before_it_is_finite_no_more,
            self._in_float32,
            self._not_by_chance,
            self._where_it_is_ruined,
            self._in_its_helper,
            self._where_its_value_is,
        ):
            found = revised(asked, found)
        return found

    def _guess(self, asked: Asked) -> Found:
        """What the catalogue has by what it answers, and the place of the program that experiments show, if any."""
        failure = asked.failure
        named = self._names.one(asked)
        if asked.inspects is not None and not named and are_cut_to_whole(failure):
            cut = self._blame.lost("fractions", failure.cases[asked.first], asked.exercise, asked.inspects)
            if cut:
                return Found([], [], cut, True, None)
        places = self.places(asked, named)
        if failure.random and _is_of_the_draws(places, asked):
            places = []
        is_placed = bool(places)
        if not is_placed:
            places = self.returned(asked, asked.first, failure.cases[asked.first])
        chance = None if named else patterns.of_chance(failure)
        if chance is not None:
            return Found([], [], [], is_placed, chance)
        if places and (_is_a_cause(places[0]) or _contradicts(places[0], named)):
            named = []
        if not named and places and places[0].is_loose:
            places, is_placed = self.returned(asked, asked.first, failure.cases[asked.first]), False
        return Found(named, [], places, is_placed, None)

    def _with_slips(self, asked: Asked, found: Found) -> Found:
        """Where the catalogue has no name, slips, and two mistakes; with their place where that is behind them."""
        places = found.places
        if found.named or found.chance is not None or (places and _is_a_cause(places[0])):
            return found
        named, slip = self._of_no_catalogue(asked, places)
        if found.is_placed and len(places) == len(named) == 1 and self._is_behind(places[0], named[0], asked):
            places = self.places(asked, named) or places
        return replace(found, named=named, slip=slip, places=places)

    def _before_it_is_finite_no_more(self, asked: Asked, found: Found) -> Found:
        """Where numbers become infinite or NaN, if that is all, and in a line before the places: these are ruined.

        Before a mistake that is named other values would do as well.
        """
        failure, places, named = asked.failure, found.places, found.named
        is_one = not found.slip and len(places) < 2 and failure.cases[0].cotangent is None
        if asked.inspects is None or not is_one or not is_all_an_overflow(failure):
            return found
        wrong = (
            failure.cases[index] for index in failure.wrong if overflows(failure.cases[index], failure.answers[index])
        )
        case = next(wrong, failure.cases[asked.first])
        begins = self._blame.not_finite(case, asked.exercise, asked.inspects)
        is_its_own = bool(named and places) and self._names.reaches(named[0], places[0].quantity, asked.exercise)
        if begins and places and begins[0].is_at(places[0]):
            return replace(found, places=[replace(places[0], makes_nan=begins[0].makes_nan)])
        is_before = bool(begins and places) and begins[0].line < places[0].line + (not named)
        if begins and (not places or is_before or (named and not is_its_own)):
            return replace(found, places=begins, is_placed=True)
        return found

    def _in_float32(self, asked: Asked, found: Found) -> Found:
        """Where float64 is lost, if that is all."""
        failure = asked.failure
        if asked.inspects is None or found.named or failure.cases[0].cotangent is not None:
            return found
        is_rounded = not any(each.surplus for each in found.places) and is_right_but_rounded(failure, asked.exercise)
        # Of what is computed from nearly singular systems little is left in float32.
        only_float64 = all(
            failure.cases[index].dtype == torch.float64 and failure.answers[index].raised is None
            for index in failure.wrong
        )
        is_unknown = not found.places and found.chance is None and not failure.random
        if not is_rounded and not (only_float64 and is_unknown):
            return found
        narrowed = self._blame.lost("digits", failure.cases[asked.first], asked.exercise, asked.inspects)
        return replace(found, places=narrowed, is_placed=True) if narrowed else found

    def _not_by_chance(self, asked: Asked, found: Found) -> Found:
        """What is returned, in the place of one that is right, and has nothing to do with the mistake."""
        case, places = asked.failure.cases[asked.first], found.places
        if asked.inspects is None or not found.named or len(places) != 1 or not _is_by_chance(places[0], found.named):
            return found
        return replace(found, places=self._blame.returned(case, asked.exercise, asked.inspects, asked.output))

    def _where_it_is_ruined(self, asked: Asked, found: Found) -> Found:
        """Where numbers first are infinite or NaN on the way to an answer, or a gradient, that is not finite."""
        failure, places = asked.failure, found.places
        given = ((failure.cases[index], failure.answers[index]) for index in failure.wrong)
        case = next((case for case, answer in given if answer.raised is None and overflows(case, answer)), None)
        if case is None or asked.inspects is None or failure.random or found.chance is not None:
            return found
        begins = self._blame.not_finite(case, asked.exercise, asked.inspects)
        begins = [replace(place, change="", cause="") for place in begins]
        if begins and (not places or (found.named and begins[0].line < places[0].line)):
            return replace(found, places=begins, is_placed=False)
        return found

    def _in_its_helper(self, asked: Asked, found: Found) -> Found:
        """The expression that has a mistake's wrong value, in the place of the call of a helper that it is in."""
        named, places = found.named, found.places
        if not len(named) == len(places) == 1 or not self._is_in_a_helper(places[0], named[0], asked):
            return found
        return replace(found, places=self._held(named[0], asked) or places)

    def _where_its_value_is(self, asked: Asked, found: Found) -> Found:
        """The expressions that have the mistakes' wrong values, where no experiment has shown a place.

        In a program of one expression it is that, too.
        """
        failure = asked.failure
        is_bare = bool(found.named) and not found.places and not failure.random
        if not is_bare or asked.inspects is None or any(each.raised for each in failure.answers):
            return found
        places = [place for mistake in found.named for place in self._held(mistake, asked)]
        returns = re.findall(r"^[ \t]+return\b", asked.source, re.MULTILINE)
        if not places and len(found.named) == len(returns) == 1:
            whole = self._blame.returned(failure.cases[asked.first], asked.exercise, asked.inspects, asked.output)
            places = [place for place in whole if not place.expression.isidentifier()]
        return replace(found, places=places)

    def _is_in_a_helper(self, place: Place, mistake: Mistake, asked: Asked) -> bool:
        """Whether a place is the call of a helper, and what it should be is made from the step that a mistake is in."""
        called = re.match(r"(\w+)\(", place.expression)
        is_own = called is not None and re.search(rf"^def {called[1]}\(", asked.source, re.MULTILINE) is not None
        return (
            is_own
            and place.quantity not in mistake.steps
            and self._names.reaches(mistake, place.quantity, asked.exercise)
        )

    def _held(self, mistake: Mistake, asked: Asked) -> list[Place]:
        """The expression that has the wrong value of a step that a mistake is in."""
        failure, exercise, inspects = asked.failure, asked.exercise, asked.inspects
        given = (failure.cases[index] for index in failure.wrong if failure.answers[index].raised is None)
        cases = [case for case in given if case.cotangent is None and case.times == 1][:_HELD]
        values = [(case, self._names.wrong_values(mistake, case.inputs, exercise)) for case in cases]
        for step in mistake.replaced:
            where = [(case, wrong[step]) for case, wrong in values if step in wrong]
            if inspects is not None and len(where) > 1:  # in one case another may have this value
                held = self._blame.holding([each for _, each in where], [case for case, _ in where], exercise, inspects)
                if held:
                    return held
        return []

    def places(self, asked: Asked, named: Sequence[Mistake] = ()) -> list[Place]:
        """Where experiments show that it goes wrong. `named`: the mistakes that explain it, where these are known."""
        failure, exercise, inspects = asked.failure, asked.exercise, asked.inspects
        first = failure.answers[asked.first].raised
        # What does not come to an end takes all the time for experiments, and its line would stay unknown.
        if inspects is None or (first is not None and first.kind in _ENDLESS):
            return []
        if failure.cases[0].cotangent is None:
            if is_right_but_for_its_shape(failure):
                return []
            elsewhere = right_elsewhere(failure, exercise, asked.student)
            variants = () if failure.random else asked.student.variants[:_MOST_VARIANTS]
            accepted = [by_variant(each, failure.by_reference) for each in variants]
            meant = named[0].steps if len(named) == 1 else ()
            return self._blame.places(failure, exercise, inspects, elsewhere, accepted, meant)
        raised = failure.answers[asked.first].raised
        if raised is not None and raised.line is not None:
            return self._blame.line(raised.line, exercise, inspects)
        if is_all_an_overflow(failure):
            return self._blame.not_finite(failure.cases[asked.first], exercise, inspects)
        return self._blame.cut(failure, exercise, inspects)

    def _is_behind(self, place: Place, mistake: Mistake, asked: Asked) -> bool:
        """Whether what should be in a place is made from the step that a mistake is in."""
        is_of = self._names.is_of(mistake, place.quantity, asked.exercise)
        return bool(place.quantity) and is_of and place.quantity not in mistake.steps

    def returned(self, asked: Asked, index: int, case: Case) -> list[Place]:
        """Of an answer of the wrong form what is returned; of a wrong word, too: another branch was to return it.

        Where an exception is missing, the condition of the one that there is.
        """
        first = asked.failure.wrong[index][0]
        if first.kind == "not_raised" and asked.inspects is not None:
            return self._blame.made(["the refusal"], asked.exercise, asked.inspects)
        is_of_the_form = isinstance(case.expected, str) or first.kind in _OF_THE_FORM
        if asked.inspects is None or case.cotangent is not None or not is_of_the_form:
            return []
        is_exchanged = exchanged(asked.failure, asked.exercise, asked.student) is not None
        output = first.where.partition("[")[0]
        return self._blame.returned(case, asked.exercise, asked.inspects, output, exchanged=is_exchanged)

    def _of_no_catalogue(self, asked: Asked, places: Sequence[Place]) -> tuple[list[Mistake], list[Mistake]]:
        """The slips that explain a failure, and of those what went wrong in the one place that there is."""
        failure, exercise, source = asked.failure, asked.exercise, asked.source
        accepted = [variant.function for variant in asked.student.variants]
        if places and is_shown_by_a_change(places[0]):
            by_output = self._names.by_output
            return by_output(failure, exercise, asked.would_get_here, source, accepted, is_placed=True), []
        if is_right_but_rounded(failure, exercise):
            return [], []
        named: list[Mistake] = []
        slip: list[Mistake] = []
        if len(places) == 1 and places[0].quantity and not places[0].is_result:
            slip = self._names.in_step(places[0].quantity, asked)
            if slip and places[0].quantity not in slip[0].steps:
                # A step before the place, which is not wrong where what is made of it is right.
                between = self._names.between(slip[0], places[0].quantity, exercise)
                is_right = asked.inspects is not None and between & self._blame.right_somewhere(
                    exercise, asked.inspects
                )
                named, slip = [] if is_right else slip, []
            if not slip and not named:  # one output may tell what it is, and the others follow another convention
                told = self._names.by_output(failure, exercise, asked.would_get_here, source, accepted, is_placed=True)
                named = told if len(told) == 1 and self._names.is_of(told[0], places[0].quantity, exercise) else []
            if not slip and not named:  # two mistakes may meet in one place
                both = self._names.several(asked, accepted, is_placed=True, in_one_place=True)
                if len(both) == 2 and all(self._names.reaches(each, places[0].quantity, exercise) for each in both):
                    named = both
        else:
            # Of results as wholes nothing is known but that they are wrong.
            is_placed = not all(place.is_result for place in places)
            named = self._names.several(asked, accepted, is_placed=is_placed)
        # A step that comes out right somewhere in the student's program is not computed wrongly.
        inside = places and len(named) == 1 and named[0].inside
        if inside and asked.inspects and named[0].steps <= self._blame.right_somewhere(exercise, asked.inspects):
            named = []
        return named, slip


def _is_a_cause(place: Place) -> bool:
    """Whether an experiment says why, and no mistake that the catalogue has can say more."""
    return place.cause not in ("", NOT_FINITE)


def is_shown_by_a_change(place: Place) -> bool:
    """Whether no value says what is wrong there, but a change of the code by which all comes right."""
    return bool(place.surplus or place.change) and not place.quantity


def _is_by_chance(place: Place, named: Sequence[Mistake]) -> bool:
    """Whether in a place something is right on the way, and it has nothing to do with the mistakes that are named."""
    return place.on_the_way and not place.is_result and not any(place.quantity in each.steps for each in named)


def _contradicts(place: Place, named: Sequence[Mistake]) -> bool:
    """Whether an argument that is said not to be used stands in the expression that is wrong."""
    unused = {each.id.removesuffix("_not_used") for each in named if each.id.endswith("_not_used")}
    return bool(unused & set(re.findall(r"\w+", place.expression)))


def _is_of_the_draws(places: Sequence[Place], asked: Asked) -> bool:
    """Whether places speak of a random answer that is right, or of several results as wholes.

    Of other draws than the reference's, all may seem wrong.
    """
    wrong = {difference.where.partition("[")[0] for found in asked.failure.wrong.values() for difference in found}
    returns = {*asked.exercise.returns}
    right = returns - wrong if wrong <= returns else set[str]()
    are_results = len(places) > 1 and all(place.is_result for place in places)
    return are_results or any(place.quantity.removeprefix("result ").removeprefix("of ") in right for place in places)
