"""From a failed check to what the student reads: which mistake it is, where, and the case that shows it.

A cause is a mistake of the catalogue (`names.py`), a place an expression of the student's own (`blame.py`), or where it
raises (`exceptions.py`). `search.py` looks for both, and `wording.py` says it: where there is neither, what
can be said of any answer (`patterns.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.explaining import evidence, render
from backpass.explaining.asked import Asked
from backpass.explaining.beside import more, unexplained_by
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import Inspects, Place
from backpass.explaining.conventions import in_its_convention, of_the_value
from backpass.explaining.counterexample import (
    FEW,
    Forced,
    is_hidden,
    is_visible,
    most_telling,
    most_visible,
    overflows,
    pairs_of_rows,
    shows_much,
    size_of,
    small_cases,
)
from backpass.explaining.faults import is_of_a_draw, is_vague, items_of, of_a_fault
from backpass.explaining.finding import Finding, message_of
from backpass.explaining.likeness import close
from backpass.explaining.mistakes import DRAWS, Catalogue, Mistake
from backpass.explaining.names import Names
from backpass.explaining.outputs import which_are_right
from backpass.explaining.search import Search
from backpass.explaining.telling import Telling
from backpass.explaining.wording import Told, Wording
from backpass.judging.cases import Case, evaluate, frozen_calls
from backpass.judging.comparison import differences, measured
from backpass.judging.failures import Failure, Fault
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Answer
from backpass.worker.rewriting import names_in


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
        self._blame = blame
        self._names = Names(catalogue, self._reference)
        self._search = Search(self._names, blame)
        self._wording = Wording(catalogue, self._names, blame)
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
            text = self._catalogue.text(exercise.id, failure.mistake)
            return of_a_fault(failure, text, exercise, self._blame, inspects)

        reference = self._reference(exercise)
        if reference is not _no_reference:
            failure = of_the_value(failure, student, reference)
        failure = in_its_convention(failure, student)
        asked = Asked(failure, exercise, student, inspects, reference, passes)
        found = self._search.find(asked)
        told = self._wording.of(asked, found)
        places = [
            place
            for place in found.places
            if told.place is None or (found.is_placed and not place.is_beside(told.place))
        ]
        drawn: list[Place] = []
        of_draws = is_of_a_draw(told.mistake or "") or self._are_of_a_draw(found.named, exercise)
        if inspects is not None and told.degree == "cause" and of_draws and is_vague(places):
            drawn = self._blame.made(["the draw"], exercise, inspects)
            places = drawn or places
        index, case, answer = self._shown(asked, found.named, told)
        if places and not found.is_placed and not drawn:  # what is returned in the case that is displayed
            places = self._search.returned(asked, index, case) or places
        if inspects is not None and told.degree == "cause":  # nothing is said of what is marked
            places = items_of(places, exercise, self._blame, inspects)
        besides = _changed(failure, told)
        if besides and inspects is not None:
            written, _ = self._blame.write(failure.cases[asked.first], exercise, inspects)
            is_new = written is not None and all(written.line != each.line for each in places)
            places += [written] if written is not None and is_new else []
        lines = [*told.lines, *self._of_places(asked, places, case)]
        if failure.random:
            lines += evidence.of_numbers(failure, index)
        else:
            lines += evidence.of_case(case, answer, exercise, show_expected=self._show_expected, told=told.tell)
        message = message_of(which_are_right(failure, exercise) + told.tell + besides, lines)
        return Finding(_status(failure), told.mistake, message, told.degree, places[0] if places else told.place)

    def _are_of_a_draw(self, named: Sequence[Mistake], exercise: Exercise) -> bool:
        """Whether the steps that mistakes are in draw from a generator."""
        anatomy = self._catalogue.anatomy(exercise.id)
        steps = [anatomy.steps.get(name) for each in named for name in each.steps] if anatomy is not None else []
        return any(each is not None and each.tree is not None and DRAWS in names_in(each.tree) for each in steps)

    def _of_places(self, asked: Asked, places: Sequence[Place], case: Case) -> Iterator[str]:
        """Each place, marked, with the value that it has and the one that it should have."""
        for place in places:
            values = None
            # The right numbers of a random answer are those of one way to draw them: they would explain nothing.
            if asked.inspects is not None and place.quantity and not place.is_result and not asked.failure.random:
                values = self._blame.both_values(place, case, asked.exercise, asked.inspects)
            yield from (*evidence.of_place(place, values, show_expected=self._show_expected), "")

    def function_of(self, exercise: str, mistake: str) -> Function | None:
        """What a mistake of the catalogue computes, None where it has none of that name."""
        known = (each for each in self._catalogue.of(exercise) if each.id == mistake and each.number is None)
        return next((each.function for each in known), None)

    def beside(
        self,
        named: Finding,
        first: Failure | Fault | None,
        failure: Failure | Fault,
        exercise: Exercise,
        inspects: Inspects | None,
    ) -> str:
        """What there is to say of a further check that a mistake fails otherwise than the student.

        `named`: the finding of it, which explains all of the `first` failure, and has its place elsewhere.
        """
        function = self.function_of(exercise.id, named.mistake or "")
        if function is None or not isinstance(first, Failure) or isinstance(failure, Fault) or inspects is None:
            return ""
        if not all(overflows(*each) for each in unexplained_by(function, first)):
            return ""
        found = more(function, failure, exercise, self._blame, inspects, show_expected=self._show_expected)
        if found is None or (found[2] is not None and named.place is not None and found[2].is_at(named.place)):
            return ""
        return message_of(*found[:2])

    def learn(self, failure: Failure, student: Student, inspects: Inspects, passes: Callable[[Function], bool]) -> None:
        """Find out, and keep, what explanations of a failure of that check rest on, and no submission changes."""
        exercise = student.exercise
        asked = Asked(failure, exercise, student, inspects, self._reference(exercise), passes)
        self._names.one(asked)
        self._names.for_most(failure, exercise, passes)
        self._search.places(asked)
        self._small_cases(failure.cases, failure.cases[most_visible(failure)], exercise)

    def _shown(self, asked: Asked, named: Sequence[Mistake], told: Told) -> tuple[int, Case, Answer]:
        """The case to display, the student's answer to it, and the number of the case that it is drawn like."""
        failure = asked.failure
        if told.index is None:
            index = most_visible(failure, partial(_is_shown, named, asked.exercise.returns))
        else:
            index = told.index
            if told.of_the_case:
                return index, failure.cases[index], failure.answers[index]
        # What a number of the student's makes of a mistake is met once: nothing is kept of it.
        mistake = named[0] if len(named) == 1 and named[0].number is None else None
        case, answer = self._counterexample(failure, index, asked.exercise, asked.student, mistake, named)
        if not failure.random and answer.raised is None and is_hidden(case, answer):
            return index, *self._visible_elsewhere(asked, mistake, case, answer)
        return index, case, answer

    def _visible_elsewhere(
        self, asked: Asked, mistake: Mistake | None, case: Case, answer: Answer
    ) -> tuple[Case, Answer]:
        """A case of another check in which the same mistake shows, where nobody sees it in those of this check."""

        def is_one(other: Case, mine: Answer) -> bool:
            if other.cotangent is not None or other.times != 1 or other.statistics is not None or mine.raised:
                return False
            if not is_visible(other, mine) or not differences(other, mine, asked.exercise.returns):
                return False
            theirs = evaluate(mistake.function, other) if mistake is not None else mine
            return close(measured(other, mine), measured(other, theirs), other.tolerance, False, other.dtype)

        if case.cotangent is not None:
            return case, answer
        found = (each for each in asked.student.answered() if is_one(*each))
        return min(found, key=lambda each: size_of(each[0].inputs), default=(case, answer))

    def _counterexample(
        self,
        failure: Failure,
        index: int,
        exercise: Exercise,
        student: Student,
        mistake: Mistake | None,
        named: Sequence[Mistake],
    ) -> tuple[Case, Answer]:
        """The case that gives the answer away, and the student's answer to it: of two mistakes it shows both.

        Where it is none of the small ones, that of a mistake of the catalogue is looked for with the catalogue's own
        function, and once.
        """
        case, answer = failure.cases[index], failure.answers[index]
        drawn = case.origin is not None and case.origin.strategy is not None
        if not self._shrink or failure.random or answer.raised is not None:
            return case, answer
        if not drawn:
            return next(self._of_two_rows(case, exercise, student), (case, answer))
        forced, returns = Forced.of(failure.cases), exercise.returns
        is_shown = partial(_is_shown, named, returns)
        if size_of(case.inputs)[0] <= FEW and shows_much(case.inputs, forced) and is_shown(case, answer):
            return case, answer
        if overflows(case, answer) and (ruined := _soonest_read(failure)) is not None:
            return ruined
        reference = self._reference(exercise)
        small_ones = [] if overflows(case, answer) else self._small_cases(failure.cases, case, exercise)
        answers = student.ask(frozen_calls(small_ones)) if small_ones else []
        for small, its_answer in zip(small_ones, answers, strict=True):
            is_wrong = its_answer.raised is None and differences(small, its_answer, returns)
            if is_wrong and is_shown(small, its_answer):
                return small, its_answer

        def found(answer_to: Callable[[Case], Answer]) -> Case:
            return most_telling(
                case,
                answer_to,
                exercise.parameters,
                reference,
                returns,
                forced,
                is_rare=bool(small_ones),
                is_shown=is_shown,
            )

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

    def _of_two_rows(self, case: Case, exercise: Exercise, student: Student) -> Iterator[tuple[Case, Answer]]:
        """Of a large case that was not drawn two rows each, where they are wrong by themselves."""
        if case.origin is None or case.cotangent is not None or case.times > 1:
            return
        reference = self._reference(exercise)
        few = [case.origin.make(each, exercise.parameters, reference) for each in pairs_of_rows(case.inputs)]
        for each, answer in zip(few, student.ask([each.call() for each in few]) if few else (), strict=True):
            if answer.raised is None and differences(each, answer, exercise.returns) and is_visible(each, answer):
                yield each, answer

    def _small_cases(self, cases: Sequence[Case], like: Case, exercise: Exercise) -> list[Case]:
        """Those like one of the `cases` of a check, in the first of their dtypes; none where it was not drawn."""
        origin = like.origin
        if origin is None or origin.strategy is None:
            return []
        drawn = [each for each in cases if each.origin is origin]
        case = next((each for each in drawn if each.dtype == origin.dtypes[0]), like)
        find = partial(small_cases, case, exercise.parameters, self._reference(exercise), Forced.of(drawn))
        return self.telling.any_mistake(exercise, case, find)


def _is_shown(named: Sequence[Mistake], returns: tuple[str, ...], case: Case, answer: Answer) -> bool:
    """Whether an answer is visibly wrong, and each of two mistakes would make it wrong by itself."""
    both = (evaluate(each.function, case) for each in named if len(named) > 1)
    return is_visible(case, answer) and all(differences(case, each, returns) for each in both)


def _soonest_read(failure: Failure) -> tuple[Case, Answer] | None:
    """The case in which an answer is not finite and should be whose numbers are read soonest, if any is small."""
    found = (
        (case, failure.answers[index])
        for index in failure.wrong
        if size_of((case := failure.cases[index]).inputs)[0] <= FEW and overflows(case, failure.answers[index])
    )
    return min(found, key=lambda each: sum(map(len, render.inputs(each[0]))), default=None)


def _changed(failure: Failure, told: Told) -> str:
    """That a wrong answer has cost an input, too; empty where none was changed, or that is what is told."""
    names = dict.fromkeys(f"`{name}`" for answer in failure.answers for name in answer.changed)
    if not names or told.mistake == "input_modified":
        return ""
    words = tr("The call also changes {names}. Compute new tensors instead of writing into those that you are given.")
    return ("\n" if "\n" in told.tell else " ") + words.format(names=listed([*names]))


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
