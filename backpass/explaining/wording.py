"""What is said of a failure: its cause, else its place, else what can be said of any wrong answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.explaining import evidence, exceptions, form, patterns
from backpass.explaining.asked import Asked
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import NOT_FINITE, Place, draws_alike, in_words, is_computed_alike, slug, without
from backpass.explaining.mistakes import Catalogue, Mistake, Step
from backpass.explaining.names import Names
from backpass.explaining.precision import is_right_but_rounded, lost_precision
from backpass.explaining.search import Found, is_shown_by_a_change
from backpass.judging.failures import Description
from backpass.worker.calls import Raised

_OF_DTYPES = {"float", "to", "type", "type_as", "half", "bfloat16", "tensor", "as_tensor", "Tensor", "FloatTensor"}


@dataclass(frozen=True)
class Told:
    """What is said of a failure. `index`: the case that shows it best; `lines` and `place`: where it raises.

    `of_the_case`: it speaks of that very case, and no smaller one shows it.
    """

    mistake: str | None
    tell: str
    degree: str
    index: int | None = None
    lines: Sequence[str] = ()
    place: Place | None = None
    of_the_case: bool = True


def _of(description: Description, tell: str, degree: str) -> Told:
    is_of_the_case = re.search(r"(?<!\w)\d", description.tell) is not None  # a number, and not one in a name
    return Told(description.mistake, tell, degree, description.index, of_the_case=is_of_the_case)


def _both(tells: Sequence[str]) -> str:
    return tr("Two things go wrong.") + "".join(f"\n- {each}" for each in tells)


class Wording:
    """Makes words of what was found out."""

    def __init__(self, catalogue: Catalogue, names: Names, blame: Blame) -> None:
        self._catalogue = catalogue
        self._names = names
        self._blame = blame

    def of(self, asked: Asked, found: Found) -> Told:
        """What is said."""
        if found.chance is not None:
            return Told(found.chance.mistake, found.chance.tell, "cause")
        if found.named:
            return self._of_causes(asked, found)
        failure, exercise, places = asked.failure, asked.exercise, found.places
        ended = self._ended(asked, asked.first, places)
        described = None
        if failure.describe:
            described = patterns.find(failure, exercise, asked.student, asked.reference)
        rounded = is_right_but_rounded(failure, exercise)
        is_told = described is not None and described.mistake != "raises"
        mostly = [] if is_told or rounded else self._names.for_most(failure, exercise, asked.would_get_here)
        if mostly and mostly[0][2]:
            ended = ended or self._ended(asked, asked.raising, places)
            tell = " ".join(filter(None, (mostly[0][0].tell, ended.tell if ended is not None else "")))
            place = ended.place if ended is not None else None
            lines = [*evidence.marked(place), ""] if place is not None else []
            return Told(mostly[0][0].id, tell, "cause", None, lines, place)
        if ended is None and described is not None and described.mistake == "raises":
            ended = self._ended(asked, asked.raising, places)
        if ended is not None:
            return ended
        if described is not None and (described.degree == "cause" or not places) and not found.slip:
            text = self._catalogue.text(exercise.id, described.mistake) if described.own and described.mistake else ""
            is_told = len(places) == 1 and found.is_placed and not places[0].is_all
            placed = self._of_a_place(asked, found, rounded=rounded, is_explained=True) if is_told else None
            tell = " ".join(filter(None, (text, described.tell, placed.tell if placed is not None else "")))
            return _of(described, tell, described.degree)
        placed = self._of_a_place(asked, found, rounded=rounded) if places else None
        if placed is not None:
            return placed
        return self._of_any(asked, places, [mistake for mistake, _, _ in mostly], rounded=rounded)

    def _of_causes(self, asked: Asked, found: Found) -> Told:
        tells = list(dict.fromkeys(known.tell for known in found.named))
        tell = tells[0] if len(tells) == 1 else _both(tells)
        # Where the one place that is shown is the mistake's own, all comes right with it.
        is_of = partial(self._names.is_of, found.named[0], exercise=asked.exercise)
        is_all = found.is_placed and [is_of(each.quantity) for each in found.places] == [True]
        left = (
            []
            if len(tells) > 1 or asked.failure.random or is_all
            else self._names.unexplained(found.named, asked.failure, asked.exercise)
        )
        results = [each for each in found.places if found.is_placed and each.is_result]
        others = [each for each in results if not is_of(each.quantity.removeprefix("result ").removeprefix("of "))]
        if left and others:
            tell += f" {in_words(others)}"
        elif left:
            outputs = listed([f"`{output}`" for output in left])
            tell += tr(" Check {outputs} again when this is fixed: something else may be wrong there.", outputs=outputs)
        # Where it raises for other inputs is where the mistake shows, too.
        ended = None if found.places else self._ended(asked, asked.raising, ())
        if ended is None:
            return Told(found.named[0].id, tell, "cause")
        lines = [*evidence.marked(ended.place), ""] if ended.place is not None else []
        return Told(found.named[0].id, tell, "cause", None, lines, ended.place)

    def _of_a_place(self, asked: Asked, found: Found, *, rounded: bool, is_explained: bool = False) -> Told | None:
        """What is said of a place; with why it should be so where that `is_explained` by nothing else."""
        failure, exercise, student = asked.failure, asked.exercise, asked.student
        places, place = found.places, found.places[0]
        if found.slip:
            return Told(found.slip[0].id, f"{in_words(places)} {found.slip[0].what}".rstrip(), "cause")
        if rounded and (place.surplus in _OF_DTYPES if place.surplus else not place.change):
            pattern = patterns.find(failure, exercise, student, asked.reference)
            tell = " ".join(filter(None, (pattern.tell, without(place))))
            return _of(pattern, tell, "place")
        if is_shown_by_a_change(place):
            if place.cause == NOT_FINITE and failure.cases[0].cotangent is not None:
                pattern = patterns.find(failure, exercise, student, asked.reference)
                return Told(pattern.mistake, f"{pattern.tell} {in_words(places)}", pattern.degree, pattern.index)
            if place.cause:
                return Told(place.cause, in_words(places), "place" if place.cause == NOT_FINITE else "cause")
            lost = lost_precision(failure, exercise, student) if rounded and not place.surplus else None
            of_form = f"{lost.tell} " if lost is not None else form.of_another_type(failure)
            return Told("mended_by_one_change", f"{of_form}{in_words(places)}", "place")
        if place.should_be or place.quantity:
            id = f"wrong_{slug(place.quantity)}" if place.quantity else "gradient_cut"
            judged = [self._judged(exercise, each) for each in places]
            said = in_words(judged) if is_explained else in_words(judged, partial(self._why, exercise))
            exact = patterns.exact(failure, exercise, student) if place.is_result else ""
            return Told(id, " ".join(filter(None, (exact, said, without(place)))), "place")
        return None

    def _of_any(self, asked: Asked, places: Sequence[Place], mostly: Sequence[Mistake], *, rounded: bool) -> Told:
        """What can be said of any wrong answer."""
        if mostly:
            tell = tr(
                "Most of your wrong answers, but not all, are explained by this mistake: {tell}", tell=mostly[0].tell
            )
            return Told(mostly[0].id, tell, "symptom")
        ended = None if rounded and not places else self._ended(asked, asked.raising, places)
        if ended is not None:
            return ended
        pattern = patterns.find(asked.failure, asked.exercise, asked.student, asked.reference)
        named = self._beside_the_form(asked) if pattern.mistake in ("wrong_dtype", "wrong_type") else []
        if named:
            return Told(pattern.mistake, _both([pattern.tell, named[0].tell]), "cause")
        # Of an answer of the wrong form, what is returned is marked, and what is said is what it should be.
        degree = "place" if places and pattern.degree == "symptom" else pattern.degree
        return _of(pattern, pattern.tell, degree)

    def _beside_the_form(self, asked: Asked) -> list[Mistake]:
        """The mistake that is left of answers of another type or dtype when they have the right one."""
        values = form.in_the_right_form(asked.failure, asked.exercise)
        return self._names.one(replace(asked, failure=values)) if values is not None else []

    def _step(self, exercise: Exercise, place: Place) -> Step | None:
        anatomy = self._catalogue.anatomy(exercise.id)
        return anatomy.steps.get(place.quantity) if anatomy is not None else None

    def _judged(self, exercise: Exercise, place: Place) -> Place:
        """A place, and whether it is computed as it should be: then it is not the one to blame."""
        step = self._step(exercise, place)
        return replace(place, is_fed_wrongly=step is not None and is_computed_alike(place, step.tree))

    def _why(self, exercise: Exercise, place: Place) -> str:
        """Why it should be that; of a draw where another belongs, that it is not the one that counts."""
        step = self._step(exercise, place)
        told = ""
        if step is not None and draws_alike(place, step.tree):
            told = tr("You draw new random numbers there. Use the ones that were drawn before.")
        return f"{told} {self._catalogue.why(exercise.id, place.quantity)}".strip()

    def _ended(self, asked: Asked, index: int, places: Sequence[Place]) -> Told | None:
        """What is said of a call that raises, or never ends: where, and what the exception means."""
        failure, exercise, inspects = asked.failure, asked.exercise, asked.inspects
        raised = failure.answers[index].raised
        if inspects is None or failure.wrong[index][0].kind != "raised":
            return None
        if raised is None or raised.todo or raised.kind == "died":
            return None
        case = failure.cases[index]
        if case.cotangent is not None or isinstance(case.expected, Raised):
            return None
        # Where the process was killed, all answers are lost: it may be another case that never ends.
        asked_for = [*failure.wrong] if raised.kind == "timeout" else [index]
        ends = exceptions.endings([failure.cases[each].call() for each in asked_for], exercise, inspects)
        position, end = next(ends, (0, None))
        index = asked_for[position]
        if end is not None and end.stopped and raised.kind != "timeout":
            raising = self._blame.line(raised.line, exercise, inspects)
            end = replace(end, place=raising[0]) if raising else None
        if end is None:
            return None
        lines = [*exceptions.quoted(end), ""]
        if raised.kind == "timeout":
            return Told("never_ends", exceptions.of_no_end(raised, exercise, end), "place", index, lines, end.place)
        places = [each for each in places if not each.is_beside(end.place)]
        everywhere = all(answer.raised is not None for answer in failure.answers)
        tell = exceptions.of_raising(raised, end, everywhere=everywhere)
        is_told = places and (places[0].should_be or is_shown_by_a_change(places[0])) and not end.is_on_purpose
        if is_told and not places[0].is_result:
            tell += f" {in_words(places[:1])}"
        if (places[0].line if places else None) == end.place.line:
            lines = []
        return Told("raises", tell, "place", index, lines, end.place)
