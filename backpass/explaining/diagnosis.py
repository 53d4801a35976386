"""From a failed check to what the student reads: which mistake it is, where, and the case that shows it.

A cause is a mistake of the catalogue (`names.py`), a place an expression of the student's own (`blame.py`), or where it
raises (`exceptions.py`). Where there is neither, what can be said of any answer (`patterns.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining import evidence, exceptions, form, patterns, render
from backpass.explaining.blame import Blame, Inspects, Place, draws_alike, in_words, is_computed_alike, slug, without
from backpass.explaining.conventions import in_its_convention, of_the_value
from backpass.explaining.counterexample import (
    has_telling_numbers,
    is_roomy,
    is_visible,
    most_telling,
    most_visible,
    size_of,
)
from backpass.explaining.form import is_right_but_for_its_shape
from backpass.explaining.mistakes import Catalogue, Mistake
from backpass.explaining.names import Names
from backpass.explaining.outputs import right_elsewhere, which_are_right
from backpass.explaining.overflow import bears_as_much, may_overflow_so
from backpass.explaining.precision import is_right_but_rounded, lost_precision
from backpass.explaining.telling import Telling
from backpass.judging.cases import Case, evaluate
from backpass.judging.comparison import differences
from backpass.judging.failures import Failure, Fault
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.invoke import Answer, Raised

_OF_THE_FORM = ("none", "type", "length", "shape", "dtype")  # kinds of differences
_NAMED = re.compile(r"`([a-z_]\w*)`")  # in a text, parts of the answer and inputs
# In ids of mistakes: it is the draw that goes wrong.
_OF_DRAWS = re.compile("draw|replacement|shuffle|one_value|uniform_first_row")
_OF_DTYPES = {"float", "to", "type", "type_as", "half", "bfloat16", "tensor", "as_tensor", "Tensor", "FloatTensor"}
FEW = 16  # numbers in the inputs of a case that a reader takes in


@dataclass(frozen=True)
class Finding:
    """What a failed check comes to: the exercise's status, the mistake's id, and the whole message.

    `degree`: how much it says. "cause": a catalogued reason; "place": an expression and what it should be; "symptom".
    `place`: the expression, where one was found.
    """

    status: str
    mistake: str | None
    message: str
    degree: str = "symptom"
    place: Place | None = None


@dataclass(frozen=True)
class _Told:
    """What is said of a failure. `index`: the case that shows it best; `lines` and `place`: where it raises."""

    mistake: str | None
    tell: str
    degree: str
    index: int | None = None
    lines: Sequence[str] = ()
    place: Place | None = None


class Diagnosis:
    """Explains failures. `telling` keeps the cases that tell mistakes.

    `reference(exercise)`: the right function, where it is at hand. Without `shrink` the first case that shows a mistake
    is as good as any. `show_expected`: messages display right answers, too.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        blame: Blame,
        reference: Callable[[Exercise], Function] | None = None,
        *,
        shrink: bool = True,
        show_expected: bool = True,
        telling: Telling | None = None,
    ) -> None:
        self._shrink = shrink
        self._show_expected = show_expected
        self._reference = reference or (lambda exercise: _no_reference)
        self._catalogue = catalogue
        self._names = Names(catalogue, self._reference)
        self._blame = blame
        self.telling = telling or Telling()

    def explain(
        self,
        failure: Failure | Fault,
        exercise: Exercise,
        student: Student,
        *,
        inspects: Inspects | None = None,
        passes: Callable[[Function], bool] = lambda function: True,
    ) -> Finding:
        """The finding for `failure`. `inspects`: looks into the student's program, where that can be done.

        `passes(function)`: whether a mistake passes the checks that the student has passed.
        """
        if isinstance(failure, Fault):
            return self._of_a_fault(failure, exercise, inspects)

        if self._reference(exercise) is not _no_reference:
            failure = of_the_value(failure, student, self._reference(exercise))
        failure = in_its_convention(failure, student)

        def would_get_here(function: Function) -> bool:
            return passes(function) and may_overflow_so(function, failure, student)

        def bears_as_well(function: Function) -> bool:
            return would_get_here(function) and bears_as_much(function, failure, student, self._reference(exercise))

        source = inspects.source(exercise.unit) if inspects is not None else ""
        named = self._names.one(failure, exercise, would_get_here, source)
        elsewhere = right_elsewhere(failure, exercise, student) if inspects is not None else []
        places = self._places(failure, exercise, inspects, elsewhere) if inspects is not None else []
        if failure.random and _is_of_the_draws(places, failure, exercise):
            places = []
        is_placed = bool(places)
        if inspects is not None and not is_placed:
            first = next(iter(failure.wrong))
            places = self._returned(failure, first, failure.cases[first], exercise, inspects)
        rounded = is_right_but_rounded(failure, exercise)
        slip: list[Mistake] = []
        of_chance = None if named else patterns.of_chance(failure)
        chance = _Told(of_chance.mistake, of_chance.tell, "cause") if of_chance is not None else None
        accepted = [variant.function for variant in student.variants]
        if places and (places[0].cause or _contradicts(places[0], named)):
            named = []
        if chance is not None or (not named and places and places[0].is_loose):
            places = []
        is_known = chance is not None or bool(places and places[0].cause)
        if not named and not is_known and places and _is_shown_by_a_change(places[0]):
            named = self._names.by_output(failure, exercise, would_get_here, source, accepted, is_placed=True)
        elif not named and not is_known and not rounded:
            if len(places) == 1 and places[0].quantity and not places[0].is_result:
                slip = self._names.in_step(places[0].quantity, failure, exercise, would_get_here, source)
                if slip and places[0].quantity not in slip[0].steps:
                    named, slip = slip, []
            else:
                named = self._names.several(failure, exercise, bears_as_well, source, accepted, is_placed=bool(places))
            # A step that comes out right somewhere in the student's program is not computed wrongly.
            inside = places and len(named) == 1 and named[0].inside
            if inside and inspects is not None and self._blame.come_out_right(named[0].steps, exercise, inspects):
                named = []
        if inspects is not None and named and len(places) == 1 and _is_by_chance(places[0], named):
            index, wrong = next(iter(failure.wrong.items()))
            output = wrong[0].where.partition("[")[0]
            places = self._blame.returned(failure.cases[index], exercise, inspects, output)
        told = chance or self._told(failure, exercise, student, named, slip, places, inspects, would_get_here)
        if inspects is not None and _OF_DRAWS.search(told.mistake or "") and _is_vague(places):
            places = self._blame.made(["the draw"], exercise, inspects) or places
        index = most_visible(failure) if told.index is None else told.index
        # What a number of the student's makes of a mistake is met once: nothing is kept of it.
        mistake = named[0] if len(named) == 1 and named[0].number is None else None
        if told.index is not None and any(map(str.isdigit, told.tell)):  # it speaks of the numbers of this very case
            case, answer = failure.cases[index], failure.answers[index]
        else:
            case, answer = self._counterexample(failure, index, exercise, student, mistake)
        if inspects is not None and places and not is_placed:  # what is returned in the case that is displayed
            places = self._returned(failure, index, case, exercise, inspects) or places
        lines = list(told.lines)
        for place in places:
            # The right numbers of a random answer are those of one way to draw them: they would explain nothing.
            asked = inspects is not None and place.quantity and not place.is_result and not failure.random
            values = self._blame.both_values(place, case, exercise, inspects) if asked and inspects else None
            lines += [*evidence.of_place(place, values, show_expected=self._show_expected), ""]
        if failure.random:
            lines += evidence.of_numbers(failure, index)
        else:
            lines += evidence.of_case(case, answer, exercise, show_expected=self._show_expected, told=told.tell)
        message = _message(which_are_right(failure, exercise) + told.tell, lines)
        return Finding(_status(failure), told.mistake, message, told.degree, places[0] if places else told.place)

    def function_of(self, exercise: str, mistake: str) -> Function | None:
        """What a mistake of the catalogue computes, None where it has none of that name."""
        known = (each for each in self._catalogue.of(exercise) if each.id == mistake and each.number is None)
        return next((each.function for each in known), None)

    def learn(
        self,
        failure: Failure,
        exercise: Exercise,
        inspects: Inspects,
        would_get_here: Callable[[Function], bool],
    ) -> None:
        """Find out, and keep, what explanations of a failure of that check rest on, and no submission changes."""
        self._names.one(failure, exercise, would_get_here)
        self._names.for_most(failure, exercise, would_get_here)
        self._places(failure, exercise, inspects, [])

    def _of_a_fault(self, fault: Fault, exercise: Exercise, inspects: Inspects | None) -> Finding:
        """The finding for a check that knows itself what is wrong: with the place in the code that it speaks of."""
        tell = f"{self._catalogue.text(exercise.id, fault.mistake)} {fault.tell}".strip()
        places: list[Place] = []
        if inspects is not None:
            is_of_draws = _OF_DRAWS.search(fault.mistake) is not None
            about = [fault.about] if fault.about else ["the draw"] if is_of_draws else []
            places = self._blame.made(about, exercise, inspects) if about else []
            if not places and fault.case is not None and not fault.about:  # what is returned may be as it should be
                find = self._blame.write if fault.mistake == "input_modified" else self._blame.returned
                places = find(fault.case, exercise, inspects)
            elif not places:
                places = self._blame.made(_NAMED.findall(tell), exercise, inspects)
        lines = [line for place in places for line in (*evidence.marked(place), "")]
        lines += render.inputs(fault.case) if fault.case is not None else []
        place = places[0] if places else None
        return Finding(fault.status, fault.mistake, _message(tell, lines), "cause", place)

    def _places(
        self, failure: Failure, exercise: Exercise, inspects: Inspects, elsewhere: Sequence[Case]
    ) -> list[Place]:
        if failure.cases[0].cotangent is not None:
            raised = failure.answers[next(iter(failure.wrong))].raised
            if raised is not None and raised.line is not None:
                return self._blame.line(raised.line, exercise, inspects)
            return self._blame.cut(failure, exercise, inspects)
        is_shaped = is_right_but_for_its_shape(failure)
        return [] if is_shaped else self._blame.places(failure, exercise, inspects, elsewhere)

    def _returned(
        self, failure: Failure, index: int, case: Case, exercise: Exercise, inspects: Inspects
    ) -> list[Place]:
        """Of an answer of the wrong form what is returned; of a wrong word, too: another branch was to return it."""
        first = failure.wrong[index][0]
        if case.cotangent is not None or not (isinstance(case.expected, str) or first.kind in _OF_THE_FORM):
            return []
        return self._blame.returned(case, exercise, inspects, first.where.partition("[")[0])

    def _told(
        self,
        failure: Failure,
        exercise: Exercise,
        student: Student,
        named: list[Mistake],
        slip: list[Mistake],
        places: list[Place],
        inspects: Inspects | None,
        would_get_here: Callable[[Function], bool],
    ) -> _Told:
        """What is said of a failure: its cause, else its place, else what can be said of any wrong answer.

        `slip`: what went wrong in the one place that there is.
        """
        first = next(iter(failure.wrong))
        raising = next((index for index in failure.wrong if failure.answers[index].raised is not None), first)
        if named:
            tells = list(dict.fromkeys(known.tell for known in named))
            tell = (
                tells[0] if len(tells) == 1 else tr("Two things go wrong.") + "".join(f"\n- {each}" for each in tells)
            )
            if places or inspects is None:
                return _Told(named[0].id, tell, "cause")
            # Where it raises for other inputs is where the mistake shows, too.
            ended = self._ended(failure, raising, exercise, places, inspects)
            if ended is None:
                return _Told(named[0].id, tell, "cause")
            lines = [*evidence.marked(ended.place), ""] if ended.place is not None else []
            return _Told(named[0].id, tell, "cause", None, lines, ended.place)
        ended = self._ended(failure, first, exercise, places, inspects) if inspects is not None else None
        described = patterns.find(failure, exercise, student, self._reference(exercise)) if failure.describe else None
        rounded = is_right_but_rounded(failure, exercise)
        mostly = [] if described is not None or rounded else self._names.for_most(failure, exercise, would_get_here)
        if mostly and mostly[0][2]:
            return _Told(mostly[0][0].id, mostly[0][0].tell, "cause", lines=ended.lines if ended is not None else ())
        if ended is not None:
            return ended
        if described is not None and described.mistake == "raises" and inspects is not None:
            ended = self._ended(failure, raising, exercise, places, inspects)
            if ended is not None:
                return ended
        if described is not None and (described.degree == "cause" or not places):
            text = self._catalogue.text(exercise.id, described.mistake) if described.own and described.mistake else ""
            return _Told(described.mistake, f"{text} {described.tell}".strip(), described.degree, described.index)
        if slip:
            return _Told(slip[0].id, f"{in_words(places)} {slip[0].what}".rstrip(), "cause")
        surplus = places[0].surplus if places else ""
        if rounded and (surplus in _OF_DTYPES if surplus else not (places and places[0].change)):
            pattern = patterns.find(failure, exercise, student, self._reference(exercise))
            tell = " ".join(filter(None, (pattern.tell, without(places[0]) if places else "")))
            return _Told(pattern.mistake, tell, "place" if places else pattern.degree, pattern.index)
        if places and _is_shown_by_a_change(places[0]):
            if places[0].cause:
                return _Told(places[0].cause, in_words(places), "cause")
            lost = lost_precision(failure, exercise, student) if rounded and not surplus else None
            of_form = f"{lost.tell} " if lost is not None else form.of_another_type(failure)
            return _Told("mended_by_one_change", f"{of_form}{in_words(places)}", "place")
        if places and (places[0].should_be or places[0].quantity):
            id = f"wrong_{slug(places[0].quantity)}" if places[0].quantity else "gradient_cut"
            said = in_words([self._judged(exercise, each) for each in places], partial(self._why, exercise))
            exact = patterns.exact(failure, exercise, student) if places[0].is_result else ""
            return _Told(id, " ".join(filter(None, (exact, said, without(places[0])))), "place")
        if mostly:
            tell = tr("Most of your wrong answers, not all, are what this gives: {tell}", tell=mostly[0][0].tell)
            return _Told(mostly[0][0].id, tell, "symptom")
        if inspects is not None:
            ended = self._ended(failure, raising, exercise, places, inspects)
            if ended is not None:
                return ended
        pattern = patterns.find(failure, exercise, student, self._reference(exercise))
        # Of an answer of the wrong form, what is returned is marked, and what is said is what it should be.
        degree = "place" if places and pattern.degree == "symptom" else pattern.degree
        return _Told(pattern.mistake, pattern.tell, degree, pattern.index)

    def _judged(self, exercise: Exercise, place: Place) -> Place:
        """A place, and whether it is computed as it should be: then it is not the one to blame."""
        anatomy = self._catalogue.anatomy(exercise.id)
        step = anatomy.steps.get(place.quantity) if anatomy is not None else None
        return replace(place, is_fed_wrongly=step is not None and is_computed_alike(place, step.tree))

    def _why(self, exercise: Exercise, place: Place) -> str:
        """Why it should be that; of a draw where another belongs, that it is not the one that counts."""
        anatomy = self._catalogue.anatomy(exercise.id)
        step = anatomy.steps.get(place.quantity) if anatomy is not None else None
        told = ""
        if step is not None and draws_alike(place, step.tree):
            told = tr(
                "A draw stands there, and not the one that counts: what is drawn once is used wherever it is needed."
            )
        return f"{told} {self._catalogue.why(exercise.id, place.quantity)}".strip()

    def _ended(
        self, failure: Failure, index: int, exercise: Exercise, places: Sequence[Place], inspects: Inspects
    ) -> _Told | None:
        """What is said of a call that raises, or never ends: where, and what the exception means."""
        raised = failure.answers[index].raised
        if failure.wrong[index][0].kind != "raised" or raised is None or raised.todo or raised.kind == "died":
            return None
        case = failure.cases[index]
        if case.cotangent is not None or isinstance(case.expected, Raised):
            return None
        # Where the process was killed, all answers are lost: it may be another case that never ends.
        asked = [failure.cases[each] for each in failure.wrong] if raised.kind == "timeout" else [case]
        end = exceptions.ending(asked, exercise.unit, exercise.name, inspects)
        if end is not None and end.stopped and raised.kind != "timeout":
            raising = self._blame.line(raised.line, exercise, inspects)
            end = replace(end, place=raising[0]) if raising else None
        if end is None:
            return None
        lines = [*evidence.marked(end.place), *exceptions.of_parts(end.parts), ""]
        if raised.kind == "timeout":
            return _Told("never_ends", exceptions.of_no_end(raised, exercise, end), "place", index, lines, end.place)
        tell = exceptions.of_raising(
            raised, end, everywhere=all(answer.raised is not None for answer in failure.answers)
        )
        is_told = places and (places[0].should_be or _is_shown_by_a_change(places[0])) and not end.is_on_purpose
        if is_told and not places[0].is_result:
            tell += f" {in_words(places[:1])}"
        if (places[0].line if places else None) == end.place.line:
            lines = []
        return _Told("raises", tell, "place", index, lines, end.place)

    def _counterexample(
        self,
        failure: Failure,
        index: int,
        exercise: Exercise,
        student: Student,
        mistake: Mistake | None,
    ) -> tuple[Case, Answer]:
        """The case that gives the answer away, and the student's answer to it.

        For a mistake of the catalogue it is looked for with the catalogue's own function, and once.
        """
        case, answer = failure.cases[index], failure.answers[index]
        drawn = case.origin is not None and case.origin.strategy is not None
        if not self._shrink or not drawn or failure.random or answer.raised is not None:
            return case, answer
        shows = is_roomy(case.inputs) and has_telling_numbers(case.inputs) and is_visible(case, answer)
        if shows and size_of(case)[0] <= FEW:
            return case, answer
        reference, returns = self._reference(exercise), exercise.returns

        def found(answer_to: Callable[[Case], Answer]) -> Case:
            return most_telling(case, answer_to, exercise.parameters, reference, returns)

        def ask(candidate: Case) -> Answer:
            return student.ask([candidate.call()])[0]

        if mistake is None:
            small = found(ask)
        else:
            has_a_name = self.function_of(exercise.id, mistake.id) is mistake.function
            small = self.telling.of(
                exercise, mistake, case, lambda: found(partial(evaluate, mistake.function)), has_a_name=has_a_name
            )
        if small is case:
            return case, answer
        answer_to_small = ask(small)
        if answer_to_small.raised is None and differences(small, answer_to_small, returns):
            return small, answer_to_small
        return case, answer


def _is_shown_by_a_change(place: Place) -> bool:
    """Whether no value says what is wrong there, but a change of the code by which all comes right."""
    return bool(place.surplus or place.change) and not place.quantity


def _is_by_chance(place: Place, named: Sequence[Mistake]) -> bool:
    """Whether in a place something is right on the way, and it has nothing to do with the mistakes that are named."""
    return place.on_the_way and not place.is_result and not any(place.quantity in each.steps for each in named)


def _contradicts(place: Place, named: Sequence[Mistake]) -> bool:
    """Whether an argument that is said not to be used stands in the expression that is wrong."""
    unused = {each.id.removesuffix("_not_used") for each in named if each.id.endswith("_not_used")}
    return bool(unused & set(re.findall(r"\w+", place.expression)))


def _is_of_the_draws(places: Sequence[Place], failure: Failure, exercise: Exercise) -> bool:
    """Whether places speak of a random answer that is right, or of several results as wholes.

    Of other draws than the reference's, all may seem wrong.
    """
    wrong = {difference.where.partition("[")[0] for found in failure.wrong.values() for difference in found}
    right = {*exercise.returns} - wrong if wrong <= {*exercise.returns} else set[str]()
    are_results = len(places) > 1 and all(place.is_result for place in places)
    return are_results or any(place.quantity.removeprefix("result ").removeprefix("of ") in right for place in places)


def _is_vague(places: Sequence[Place]) -> bool:
    """Whether no more is known of the place than what is returned."""
    return not places or places[0].source.lstrip().startswith("return")


def _no_reference(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError("public cases carry their own answers")


def _status(failure: Failure) -> str:
    raised = [answer.raised for answer in failure.answers if answer.raised is not None]
    unasked = [
        each
        for each, (_, found) in zip(raised, failure.wrong.items(), strict=False)
        if any(difference.kind == "raised" for difference in found)
    ]
    if any(each.kind == "timeout" for each in unasked):
        return "timeout"
    if any(each.todo for each in unasked):
        return "todo"
    return "crashed" if unasked else "failed"


def _message(tell: str, lines: list[str]) -> str:
    return "\n".join([tell, *([""] if lines else []), *(f"    {line}" for line in lines)])
