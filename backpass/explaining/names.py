"""Which mistakes of the catalogue explain a failure: those that give the same answers as the student.

First one mistake that does so on every case. Then two of them together, the slips that no catalogue lists (`slips.py`),
one mistake for each wrong output, and one that explains most of the cases.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import torch

from backpass.course.manifest import Exercise
from backpass.explaining.likeness import Table, close
from backpass.explaining.mistakes import Catalogue, Mistake
from backpass.explaining.slips import exchanged_arguments, slips
from backpass.judging.cases import Case, evaluate
from backpass.judging.comparison import differences, measured
from backpass.judging.failures import Failure
from backpass.judging.variants import Function
from backpass.worker.invoke import Answer

Passes = Callable[[Function], bool]

AMBIGUOUS = 2  # slips that fit a random answer; more of them say nothing
# Numbers as Python writes them; the exponents of 10**-8 and 2.0**-23 too.
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
MOST = 0.6  # share of the wrong cases that a mistake must explain to be named when none explains them all


class Names:
    """Names mistakes. It keeps the catalogue's answers to the frozen cases for the run.

    In all methods `would_get_here(function)` says whether a mistake passes the checks that the student has passed.
    """

    def __init__(self, catalogue: Catalogue, reference: Callable[[Exercise], Function]) -> None:
        self._catalogue = catalogue
        self._reference = reference
        self._known: dict[tuple[Hashable, int], dict[int, Answer]] = {}
        self._kept: dict[int, Any] = {}  # the objects whose id() is a key above must stay alive
        self._pairs: dict[str, list[tuple[Mistake, Mistake, Function]]] = {}
        self._slips: dict[str, list[Mistake]] = {}
        self._tables: dict[tuple[str, int, int], Table] = {}

    def one(self, failure: Failure, exercise: Exercise, would_get_here: Passes, source: str = "") -> list[Mistake]:
        """The one mistake of the catalogue that explains `failure`, if there is one.

        `source`: the student's module; a mistake that speaks of a number is not named where it is not written there.
        """
        if all(answer.raised is not None for answer in failure.answers):
            return []
        known = self._catalogue.of(exercise.id)
        singles = [(mistake.function, mistake.function) for mistake in known]
        for position in self._shortlist("singles", singles, failure):
            mistake = known[position]
            fits = self._explains(mistake.function, mistake.function, failure, failure.answers)
            if fits and _may_stand_in(mistake, source) and would_get_here(mistake.function):
                return [mistake]
        return []

    def several(self, failure: Failure, exercise: Exercise, would_get_here: Passes) -> list[Mistake]:
        """Two mistakes that explain `failure` together, or a slip that no catalogue lists, or one for each output."""
        if all(answer.raised is not None for answer in failure.answers):
            return []
        pairs = self._pairs_of(exercise)
        doubles = [(both, (first.function, second.function)) for first, second, both in pairs]
        for position in self._shortlist("pairs", doubles, failure):
            first, second, both = pairs[position]
            fits = self._explains(both, (first.function, second.function), failure, failure.answers)
            if fits and would_get_here(both):
                return [first, second]
        others = self._slips_of(exercise)
        fitting = []
        for position in self._shortlist("slips", [(slip.function, slip.function) for slip in others], failure):
            slip = others[position]
            fits = self._explains(slip.function, slip.function, failure, failure.answers)
            if fits and would_get_here(slip.function):
                fitting.append(slip)
                if not failure.random or len(fitting) > AMBIGUOUS:
                    break
        # Statistics of random answers may all be far off for many reasons: then none of them is the reason.
        if fitting and len(fitting) <= AMBIGUOUS:
            return fitting[:1]
        return self._by_output(self._catalogue.of(exercise.id), failure, exercise, would_get_here)

    def for_most(self, failure: Failure, exercise: Exercise, would_get_here: Passes) -> list[tuple[Mistake, float]]:
        """The one mistake that explains the largest share of the cases that it or the student has wrong, if most.

        With that share: it is all of them where every wrong answer is an exception, which names nothing by itself.
        """
        best, share = None, MOST
        for mistake in self._catalogue.of(exercise.id):
            answers = self._answers(mistake.function, mistake.function, failure)
            misses, allowed = 0, (1 - share) * len(failure.wrong)
            for index in failure.wrong:
                same = _same(failure, index, answers(index), failure.answers[index])
                misses += not (same and self._is_wrong(answers(index), failure, index))
                if misses >= allowed:
                    break
            if misses >= allowed:
                continue
            explained = len(failure.wrong) - misses
            right = (index for index in range(len(failure.cases)) if index not in failure.wrong)
            contradicted = sum(self._is_wrong(answers(index), failure, index) for index in right)
            explained_share = explained / (len(failure.wrong) + contradicted)
            if explained_share > share and would_get_here(mistake.function):
                best, share = mistake, explained_share
        return [(best, share)] if best else []

    def _pairs_of(self, exercise: Exercise) -> list[tuple[Mistake, Mistake, Function]]:
        if exercise.id not in self._pairs:
            self._pairs[exercise.id] = list(self._catalogue.pairs(exercise.id))
        return self._pairs[exercise.id]

    def _slips_of(self, exercise: Exercise) -> list[Mistake]:
        """What no catalogue lists: other constants in its families, exchanged arguments, slips in every step."""
        if exercise.id not in self._slips:
            anatomy = self._catalogue.anatomies.get(exercise.id)
            self._slips[exercise.id] = [
                *self._catalogue.relatives(exercise.id),
                *exchanged_arguments(exercise, self._reference(exercise)),
                *(slips(anatomy) if anatomy is not None else ()),
            ]
        return self._slips[exercise.id]

    def _shortlist(self, kind: str, functions: Sequence[tuple[Function, Hashable]], failure: Failure) -> Iterable[int]:
        """The positions of the functions that answer the first wrong case as the student does.

        One comparison with the answers of all of them: a class makes few mistakes many times.
        """
        wrong = (index for index in failure.wrong if failure.answers[index].raised is None)
        index = next(wrong, None)
        if index is None:
            return ()  # nothing but exceptions, which tell no mistake from another
        case = failure.cases[index]
        key = kind, id(failure.cases), index
        if key not in self._tables:
            answers = [self._answers(function, name, failure)(index) for function, name in functions]
            values = [None if answer.raised else _comparable(case, answer) for answer in answers]
            self._tables[key] = Table(values, case.tolerance, random=failure.random, dtype=case.dtype)
        return self._tables[key].like(_comparable(case, failure.answers[index]))

    def _by_output(
        self, known: list[Mistake], failure: Failure, exercise: Exercise, would_get_here: Passes
    ) -> list[Mistake]:
        """One mistake for each wrong output that one explains, where an exercise has several outputs."""
        if len(exercise.returns) < 2 or failure.random:
            return []
        wrong = {found.where.partition("[")[0] for each in failure.wrong.values() for found in each}
        named = []
        for position, output in enumerate(exercise.returns):
            if output not in wrong:
                continue
            for mistake in known:
                fits = self._explains(mistake.function, mistake.function, failure, failure.answers, position)
                if fits and would_get_here(mistake.function):
                    named.append(mistake)
                    break
        return named

    def _explains(
        self, function: Function, key: Hashable, failure: Failure, answers: Sequence[Answer], output: int | None = None
    ) -> bool:
        """Whether `function` gives the same as the student on every case; the wrong ones are compared first."""
        wrong_first = sorted(range(len(failure.cases)), key=lambda index: index not in failure.wrong)
        theirs = self._answers(function, key, failure)
        told_apart = False
        for index in wrong_first:
            mine = answers[index]
            if not _same(failure, index, theirs(index), mine, output):
                return False
            # One that is right where the student is wrong explains nothing: the dtype or the type is wrong there.
            if output is None and index in failure.wrong and not self._is_wrong(theirs(index), failure, index):
                return False
            told_apart = told_apart or (mine.raised is None and index in failure.wrong)
        return told_apart

    @staticmethod
    def _is_wrong(answer: Answer, failure: Failure, index: int) -> bool:
        return bool(differences(failure.cases[index], answer, ()))

    def _answers(self, function: Function, key: Hashable, failure: Failure) -> Callable[[int], Answer]:
        """The answers of a mistake to the cases of `failure`, computed when first asked for and then kept."""
        known = self._known.setdefault((key, id(failure.cases)), {})
        self._kept[id(failure.cases)] = failure.cases

        def answer(index: int) -> Answer:
            if index not in known:
                with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
                    known[index] = evaluate(function, failure.cases[index])
            return known[index]

        return answer


def _may_stand_in(mistake: Mistake, source: str) -> bool:
    """Whether the number that a mistake speaks of, if it does, is in the student's module."""
    parts = (mistake.function, *mistake.replaced.values())
    constants = [part.keywords["constant"] for part in parts if isinstance(part, functools.partial) and part.keywords]
    if not constants or not source or "finfo" in source:
        return True
    written = {float(number) for number in _NUMBER.findall(source)}
    return all(float(constant) in written for constant in constants)


def _comparable(case: Case, answer: Answer) -> Any:
    """What of an answer is compared, with a gradient of 0 where autograd finds none."""
    value = measured(case, answer)
    if case.cotangent is None or not isinstance(value, dict):
        return value
    return {
        name: torch.zeros_like(case.expected[name]) if isinstance(grad, str) and name in case.expected else grad
        for name, grad in value.items()
    }


def _same(failure: Failure, index: int, theirs: Answer, mine: Answer, output: int | None = None) -> bool:
    """Whether two wrong answers to a case are the same answer."""
    case = failure.cases[index]
    if mine.raised is not None or theirs.raised is not None:
        kinds = {answer.raised.kind for answer in (mine, theirs) if answer.raised is not None}
        return mine.raised is not None and theirs.raised is not None and len(kinds) == 1
    if output is None:
        return close(measured(case, mine), measured(case, theirs), case.tolerance, failure.random, case.dtype)
    parts = [value[output] for value in (mine.value, theirs.value) if _has(value, output)]
    return len(parts) == 2 and close(parts[0], parts[1], case.tolerance[output], False, case.dtype)


def _has(value: Any, output: int) -> bool:
    return isinstance(value, list | tuple) and len(value) > output
