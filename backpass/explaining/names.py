"""Which mistakes of the catalogue explain a failure: those that give the same answers as the student.

First one mistake that does so on every case. Then two of them together, the slips that no catalogue lists (`slips.py`),
one mistake for each wrong output, and one that explains most of the cases.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from backpass.course.manifest import Exercise
from backpass.explaining.answers import Answers
from backpass.explaining.asked import Asked
from backpass.explaining.likeness import Table, comparable, has_numbers, is_finite, same_answer, same_words
from backpass.explaining.mistakes import DRAWS, Catalogue, Mistake
from backpass.explaining.operators import is_odd
from backpass.explaining.recorded_slips import OF_NUMBERS
from backpass.explaining.slips import exchanged_arguments, is_of_hand, slips, slips_of_numbers
from backpass.explaining.written import numbers_in
from backpass.judging.comparison import differences
from backpass.judging.failures import Failure
from backpass.judging.variants import Function
from backpass.worker.calls import Answer
from backpass.worker.values import identical

Passes = Callable[[Function], bool]

AMBIGUOUS = 2  # slips that fit a random answer; more of them say nothing
_ENOUGH = 3  # wrong answers that one mistake explains, while it has more wrong itself
_MOST_PAIRS = 1500  # of a mistake and a slip that are tried
_CORNER = 4  # times as many as those that it has wrong and the student right
MOST = 0.6  # share of the wrong cases that a mistake must explain to be named when none explains them all


class Names:
    """Names mistakes. It keeps the catalogue's answers to the frozen cases for the run.

    In all methods `would_get_here(function)` says whether a mistake passes the checks that the student has passed.
    """

    def __init__(self, catalogue: Catalogue, reference: Callable[[Exercise], Function]) -> None:
        self._catalogue = catalogue
        self._reference = reference
        self._answers = Answers()
        self._pairs: dict[str, list[tuple[Mistake, Mistake, Function]]] = {}
        self._slips: dict[str, list[Mistake]] = {}
        self._exchanged: dict[str, list[Mistake]] = {}
        self._tables: dict[Hashable, Table] = {}

    def one(self, asked: Asked) -> list[Mistake]:
        """The one mistake of the catalogue that explains a failure, if there is one.

        One that speaks of a number is not named where it is not written in the student's module.
        """
        failure, exercise = asked.failure, asked.exercise
        if all(answer.raised is not None for answer in failure.answers):
            return []
        numbers = numbers_in(asked.source)
        known = self._known_with(exercise, numbers)
        of_numbers = slips_of_numbers(exercise, self._reference(exercise), numbers or ())
        fitting = itertools.chain(
            self._fitting("singles", [each for each in known if each.number is None], failure, asked.would_get_here),
            self._fitting(None, [each for each in known if each.number is not None], failure, asked.would_get_here),
            self._fitting(None, list(of_numbers), failure, asked.would_get_here),
        )
        return next(fitting, None) or self._recorded(asked, OF_NUMBERS)

    def several(
        self, asked: Asked, accepted: Sequence[Function] = (), *, is_placed: bool = False, in_one_place: bool = False
    ) -> list[Mistake]:
        """A slip that no catalogue lists, or two mistakes that explain a failure together, or one for each output.

        `accepted`: other right functions; an output that is like one of theirs is not wrong. `is_placed`: it is known
        where in the student's program it goes wrong, and `in_one_place` that it is one expression: a slip beside a
        mistake would have another.
        """
        failure, exercise, would_get_here, source = asked.failure, asked.exercise, asked.bears_as_well, asked.source
        if all(answer.raised is not None for answer in failure.answers):
            return []
        of_arguments = self._fitting("exchanged", self._exchanged_in(exercise), failure, would_get_here)
        known = [slip for slip in self._slips_of(exercise) if not (failure.random and is_odd(slip.id))]
        slips_in_steps = self._fitting("slips", known, failure, would_get_here)
        in_steps = (slip for slip in slips_in_steps if slip[0].may_be_in(source))
        # Statistics of random answers may all be far off for many reasons: then none of them is the reason.
        most = AMBIGUOUS + 1 if failure.random else 1
        fitting = list(itertools.islice(itertools.chain(of_arguments, in_steps), most))
        found = fitting[0] if fitting and len(fitting) <= AMBIGUOUS else self._recorded(asked, None)
        if found:
            return found
        doubles = [(pair, (pair[0].function, pair[1].function)) for pair in self._pairs_of(exercise)]
        both = self._together("pairs", doubles, failure, would_get_here)
        by_output = both or self.by_output(failure, exercise, would_get_here, source, accepted, is_placed=is_placed)
        if by_output or in_one_place or not _may_be_two(failure, exercise):
            return by_output
        of_hand = [slip for slip in self._slips_of(exercise) if is_of_hand(slip.id) and slip.may_be_in(source)]
        beside = itertools.islice(self._catalogue.pairs(exercise.id, of_hand), _MOST_PAIRS)
        return self._together(None, [(pair, None) for pair in beside], failure, would_get_here)

    def _together(
        self,
        kind: Hashable,
        pairs: Sequence[tuple[tuple[Mistake, Mistake, Function], Hashable]],
        failure: Failure,
        would_get_here: Passes,
    ) -> list[Mistake]:
        """The first two mistakes that explain `failure` together, of pairs with the function that makes both."""
        doubles = [(both, key) for (_, _, both), key in pairs]
        for position in self._shortlist(kind, doubles, failure):
            both, key = doubles[position]
            if self._explains(both, key, failure, failure.answers) and would_get_here(both):
                return [*pairs[position][0][:2]]
        return []

    def in_step(self, step: str, asked: Asked) -> list[Mistake]:
        """The slip that explains a failure in one step of the anatomy, or in one that this is computed from."""
        anatomy = self._catalogue.anatomy(asked.exercise.id)
        if asked.failure.random or anatomy is None:
            return self._recorded(asked, step)
        known = self._slips_of(asked.exercise)
        itself = [slip for slip in known if step in slip.steps]
        before = [slip for slip in known if any(anatomy.rests_on(step, each) for each in slip.steps)]
        fitting = itertools.chain(
            self._fitting(("slips of", step), itself, asked.failure, asked.would_get_here),
            self._fitting(("slips before", step), before, asked.failure, asked.would_get_here),
        )
        return next((slip for slip in fitting if slip[0].may_be_in(asked.source)), [])

    def _recorded(self, asked: Asked, step: str | None) -> list[Mistake]:
        return self._catalogue.slips_like(asked.failure, asked.student, asked.source, step)

    def _fitting(
        self, kind: Hashable, known: list[Mistake], failure: Failure, would_get_here: Passes
    ) -> Iterator[list[Mistake]]:
        """The mistakes of a list that explain `failure`, one by one; `kind` is None for a list of this submission's."""
        functions = [(mistake.function, _key(mistake)) for mistake in known]
        for position in self._shortlist(kind, functions, failure):
            function, key = functions[position]
            if self._explains(function, key, failure, failure.answers) and would_get_here(function):
                yield [known[position]]

    def for_most(
        self, failure: Failure, exercise: Exercise, would_get_here: Passes
    ) -> list[tuple[Mistake, float, bool]]:
        """The one mistake that explains the largest share of the cases that it or the student has wrong, if most.

        With that share, and whether it explains all that the student has wrong, and only has more wrong itself: in a
        corner that the student sees to; or all but what raises or is not finite, a corner that the mistake sees to.
        """
        best, share, is_all = None, MOST, False
        only_raises = all(failure.answers[index].raised for index in failure.wrong)
        if only_raises and len(failure.wrong) == len(failure.cases):
            return []  # exceptions tell a mistake by where they come only, and by their words
        for mistake in self._catalogue.of(exercise.id):
            answers = self._answers.of(mistake.function, _key(mistake), failure)
            compared = [index for index in failure.wrong if not failure.answers[index].raised or answers(index).raised]
            misses, corners, allowed = 0, 0, (1 - share) * len(compared)
            for index in compared:
                same = same_answer(failure, index, answers(index), failure.answers[index])
                same = same and (not only_raises or same_words(answers(index), failure.answers[index]))
                misses += not (same and self._is_wrong(answers(index), failure, index))
                is_no_answer = not is_finite(failure.answers[index]) or failure.wrong[index][0].kind == "type"
                corners += not same and is_no_answer and is_finite(answers(index))
                if misses >= allowed:
                    break
            if misses >= allowed:
                continue
            right = (index for index in range(len(failure.cases)) if index not in failure.wrong)
            contradicted = sum(self._is_wrong(answers(index), failure, index) for index in right)
            explained_share = (len(compared) - misses) / (len(compared) + contradicted)
            if explained_share > share and would_get_here(mistake.function):
                best, share = mistake, explained_share
                is_corner = len(compared) - misses >= max(_ENOUGH, _CORNER * contradicted)
                is_all = (share == 1 and len(compared) == len(failure.wrong)) or (misses == corners and is_corner)
        return [(best, share, is_all)] if best else []

    def _pairs_of(self, exercise: Exercise) -> list[tuple[Mistake, Mistake, Function]]:
        if exercise.id not in self._pairs:
            self._pairs[exercise.id] = list(self._catalogue.pairs(exercise.id))
        return self._pairs[exercise.id]

    def _known_with(self, exercise: Exercise, numbers: tuple[float, ...] | None) -> list[Mistake]:
        """The catalogue's mistakes; those that speak of a number for each of `numbers`, if these are known."""
        known = self._catalogue.of(exercise.id)
        if numbers is None:
            return known
        members = dict.fromkeys(mistake.member for mistake in known if mistake.member is not None)
        return [
            *(mistake for mistake in known if mistake.number is None),
            *(member(number) for member in members if member is not None for number in numbers),
        ]

    def _slips_of(self, exercise: Exercise) -> list[Mistake]:
        if exercise.id not in self._slips:
            anatomy = self._catalogue.anatomy(exercise.id)
            self._slips[exercise.id] = list(slips(anatomy)) if anatomy is not None else []
        return self._slips[exercise.id]

    def _exchanged_in(self, exercise: Exercise) -> list[Mistake]:
        if exercise.id not in self._exchanged:
            self._exchanged[exercise.id] = list(exchanged_arguments(exercise, self._reference(exercise)))
        return self._exchanged[exercise.id]

    def _shortlist(
        self, kind: Hashable, functions: Sequence[tuple[Function, Hashable]], failure: Failure
    ) -> Iterable[int]:
        """The positions of the functions that answer the first wrong case as the student does.

        One comparison with the answers of all of them: a class makes few mistakes many times.
        """
        wrong = (index for index in failure.wrong if failure.answers[index].raised is None)
        index = next(wrong, None)
        if index is None or not functions:
            return ()  # exceptions tell no mistake from another
        case = failure.cases[index]
        key = kind, id(failure.cases), index
        table = self._tables.get(key) if kind is not None else None
        if table is None:
            answers = (self._answers.of(function, name, failure)(index) for function, name in functions)
            values = (None if answer.raised else comparable(case, answer) for answer in answers)
            table = Table(values, case.tolerance, random=failure.random, dtype=case.dtype)
            if kind is not None:
                self._tables[key] = table
        return table.like(comparable(case, failure.answers[index]))

    def is_of(self, mistake: Mistake, quantity: str, exercise: Exercise) -> bool:
        """Whether a mistake is one in a quantity, in what that is made from, or in what is made from it."""
        anatomy = self._catalogue.anatomy(exercise.id)
        return self.reaches(mistake, quantity, exercise) or (
            anatomy is not None and any(anatomy.rests_on(each, quantity) for each in mistake.steps)
        )

    def reaches(self, mistake: Mistake, quantity: str, exercise: Exercise) -> bool:
        """Whether a mistake is one in a quantity, or in what that is made from."""
        anatomy = self._catalogue.anatomy(exercise.id)
        return quantity in mistake.steps | mistake.leads_to or (
            anatomy is not None and any(anatomy.rests_on(quantity, each) for each in mistake.steps)
        )

    def between(self, mistake: Mistake, quantity: str, exercise: Exercise) -> set[str]:
        """The steps that are made from what a mistake has wrong, on the way to a quantity."""
        anatomy = self._catalogue.anatomy(exercise.id)
        if anatomy is None:
            return set()
        on_the_way = (name for name in anatomy.steps if anatomy.rests_on(quantity, name))
        return {name for name in on_the_way if any(anatomy.rests_on(name, step) for step in mistake.steps)}

    def wrong_values(self, mistake: Mistake, inputs: dict[str, Any], exercise: Exercise) -> dict[str, Any]:
        """What the wrong steps of a mistake come to, by the step."""
        anatomy = self._catalogue.anatomy(exercise.id)
        return anatomy.wrong_values(inputs, mistake.replaced) if anatomy is not None else {}

    def unexplained(self, named: Sequence[Mistake], failure: Failure, exercise: Exercise) -> list[str]:
        """The wrong outputs that none of some mistakes explains by itself."""
        wrong = {found.where.partition("[")[0] for each in failure.wrong.values() for found in each}
        return [
            output
            for position, output in enumerate(exercise.returns if len(exercise.returns) > 1 else ())
            if output in wrong
            and not any(self._explains(each.function, _key(each), failure, failure.answers, position) for each in named)
        ]

    def by_output(
        self,
        failure: Failure,
        exercise: Exercise,
        would_get_here: Passes,
        source: str,
        accepted: Sequence[Function],
        *,
        is_placed: bool,
    ) -> list[Mistake]:
        """One mistake for each wrong output that one explains, where an exercise has several outputs.

        One that has the other outputs right comes before one that does not, and one that has another output wrong for
        which another mistake is named did not happen: together they would give something else. Where an output that
        nothing explains is wrong whenever this one is, both may be wrong for one reason, which is another: if
        `is_placed`, that is left to the place.
        """
        if len(exercise.returns) < 2 or failure.random:
            return []
        known = self._known_with(exercise, numbers_in(source))
        wrong_in = [{found.where.partition("[")[0] for found in each} for each in failure.wrong.values()]
        wrong = set[str]().union(*wrong_in)
        named: dict[str, Mistake] = {}
        rivals: dict[str, list[Mistake]] = {}
        for position, output in enumerate(exercise.returns):
            if output not in wrong or any(self._same_output(each, failure, position) for each in accepted):
                continue
            fitting = [
                (len(self._wrong_outputs(mistake, failure, exercise.returns)), order, mistake)
                for order, mistake in enumerate(known)
                if self._explains(mistake.function, _key(mistake), failure, failure.answers, position)
                and output in (outputs := self._wrong_outputs(mistake, failure, exercise.returns))
                and outputs <= wrong  # one that has more wrong than the student did not happen
                and (len(mistake.steps) < 2 or self._is_alike_in(outputs - {output}, mistake, failure, exercise))
            ]
            rivals[output] = [each for *_, each in sorted(fitting, key=lambda each: each[:2])]
            best = next((each for each in rivals[output] if would_get_here(each.function)), None)
            if best is not None:
                named[output] = best

        def is_contradicted(mistake: Mistake, output: str) -> bool:
            others = self._wrong_outputs(mistake, failure, exercise.returns) - {output}
            return any(named.get(other, mistake) is not mistake for other in others)

        for output, mistake in list(named.items()):
            if is_contradicted(mistake, output):
                del named[output]
                for each in rivals[output]:
                    if not is_contradicted(each, output) and would_get_here(each.function):
                        named[output] = each
                        break
        return [
            mistake
            for output, mistake in named.items()
            if not is_placed
            or sum(output in each for each in wrong_in) == len(failure.cases)
            or not set[str].intersection(*(each for each in wrong_in if output in each))
            - named.keys()
            - self._wrong_outputs(mistake, failure, exercise.returns)
        ]

    def _is_alike_in(self, outputs: set[str], mistake: Mistake, failure: Failure, exercise: Exercise) -> bool:
        """Whether other outputs are a mistake's too: what is said of several steps is said of all that they make."""
        positions = [position for position, each in enumerate(exercise.returns) if each in outputs]
        return all(self._same_output(mistake.function, failure, position) for position in positions)

    def _same_output(self, function: Function, failure: Failure, output: int) -> bool:
        """Whether one output is that of another function, in all the wrong cases of `failure`."""
        answers = self._answers.of(function, function, failure)
        return all(
            same_answer(failure, index, answers(index), failure.answers[index], output) for index in failure.wrong
        )

    def _wrong_outputs(self, mistake: Mistake, failure: Failure, returns: tuple[str, ...]) -> set[str]:
        """The outputs that a mistake has wrong in the wrong cases of `failure`."""
        answers = self._answers.of(mistake.function, _key(mistake), failure)
        found = (each for index in failure.wrong for each in differences(failure.cases[index], answers(index), returns))
        return {each.where.partition("[")[0] for each in found}

    def _explains(
        self, function: Function, key: Hashable, failure: Failure, answers: Sequence[Answer], output: int | None = None
    ) -> bool:
        """Whether `function` gives the same as the student on every case; the wrong ones are compared first."""
        wrong_first = sorted(range(len(failure.cases)), key=lambda index: index not in failure.wrong)
        theirs = self._answers.of(function, key, failure)
        told_apart = False
        for index in wrong_first:
            mine = answers[index]
            if not same_answer(failure, index, theirs(index), mine, output):
                return False
            # One that is right where the student is wrong explains nothing: the dtype or the type is wrong there.
            asked = output is None and index in failure.wrong and not identical(theirs(index).value, mine.value)
            if asked and not self._is_wrong(theirs(index), failure, index):
                return False
            told_apart = told_apart or (mine.raised is None and index in failure.wrong)
        return told_apart

    @staticmethod
    def _is_wrong(answer: Answer, failure: Failure, index: int) -> bool:
        return bool(differences(failure.cases[index], answer, ()))


def _may_be_two(failure: Failure, exercise: Exercise) -> bool:
    """Whether two mistakes may be told by what they answer: many numbers, all of the form that is asked for.

    What is drawn another way than the reference's would look like a second mistake.
    """
    kinds = {found.kind for each in failure.wrong.values() for found in each}
    is_drawn = failure.random or DRAWS in exercise.parameters
    are_numbers = kinds == {"value"} and has_numbers(failure.cases[0].expected)
    return are_numbers and not is_drawn and len(failure.wrong) >= _ENOUGH


def _key(mistake: Mistake) -> Hashable:
    """By what the answers of a mistake are kept for the run; None for one of a number that a student has written."""
    return mistake.function if mistake.number is None else None
