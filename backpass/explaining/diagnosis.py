"""From a failed check to what the student reads: which mistake it is, and the smallest case that shows it.

First the catalogue: one mistake that gives the same answer on every case, then a pair of them. Then the slips that no
catalogue lists (`slips.py`), one mistake for each wrong output, and one that explains most of the cases. Where none
fits, what can be said of any answer (`patterns.py`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from backpass.course.manifest import Exercise
from backpass.course.words import listed
from backpass.explaining import evidence, exceptions, patterns, render
from backpass.explaining.blame import Blame, Inspects, Place, in_words, slug
from backpass.explaining.counterexample import has_telling_numbers, is_visible, most_telling
from backpass.explaining.likeness import Table, close
from backpass.explaining.mistakes import Catalogue, Mistake
from backpass.explaining.slips import exchanged_arguments, slips
from backpass.judging.cases import Case, evaluate
from backpass.judging.comparison import differences, measured
from backpass.judging.failures import Failure, Fault
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.invoke import Answer, Raised

AMBIGUOUS = 2  # slips that fit a random answer; more of them say nothing
FEW = 16  # numbers in the inputs of a case that a reader takes in
MOST = 0.6  # share of the wrong cases that a mistake must explain to be named when none explains them all


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
    """Names mistakes. It keeps the catalogue's answers to the frozen cases, and the cases that tell them, for the run.

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
    ) -> None:
        self._shrink = shrink
        self._show_expected = show_expected
        self._catalogue = catalogue
        self._reference = reference or (lambda exercise: _no_reference)
        self._blame = blame
        self._known: dict[tuple[Hashable, int], dict[int, Answer]] = {}
        self._kept: dict[int, Any] = {}  # the objects whose id() is a key above must stay alive
        self._telling: dict[Hashable, Case | None] = {}
        self._pairs: dict[str, list[tuple[Mistake, Mistake, Function]]] = {}
        self._slips: dict[str, list[Mistake]] = {}
        self._tables: dict[tuple[str, int, int], Table] = {}

    def explain(
        self,
        failure: Failure | Fault,
        exercise: Exercise,
        student: Student,
        *,
        inspects: Inspects | None = None,
        would_get_here: Callable[[Function], bool] = lambda function: True,
    ) -> Finding:
        """The finding for `failure`. `inspects`: looks into the student's program, where that can be done.

        `would_get_here(function)`: whether a mistake passes the checks that the student has passed.
        """
        if isinstance(failure, Fault):
            return self._of_a_fault(failure, exercise, inspects)
        named = self._one(failure, exercise, would_get_here)
        places = self._places(failure, exercise, inspects) if inspects is not None else []
        if not named and not (len(places) == 1 and places[0].quantity and not places[0].is_result):
            named = self._several(failure, exercise, would_get_here)
        told = self._told(failure, exercise, student, named, places, inspects, would_get_here)
        index = _shown(failure) if told.index is None else told.index
        wrong_function = named[0].function if len(named) == 1 else None
        case, answer = self._counterexample(failure, index, exercise, student, wrong_function)
        lines = list(told.lines)
        for place in places:
            asked = inspects is not None and place.quantity
            values = self._blame.both_values(place, case, exercise, inspects) if asked and inspects else None
            lines += [*evidence.of_place(place, values, show_expected=self._show_expected), ""]
        if failure.random:
            lines += evidence.of_numbers(failure, index)
        else:
            lines += evidence.of_case(case, answer, exercise, show_expected=self._show_expected)
        message = _message(_which_outputs(failure, exercise) + told.tell, lines)
        return Finding(_status(failure), told.mistake, message, told.degree, places[0] if places else told.place)

    def _of_a_fault(self, fault: Fault, exercise: Exercise, inspects: Inspects | None) -> Finding:
        """The finding for a check that knows itself what is wrong; where an input is written into, with the line."""
        places: list[Place] = []
        if fault.mistake == "input_modified" and fault.case is not None and inspects is not None:
            places = self._blame.write(fault.case, exercise, inspects)
        lines = [line for place in places for line in (*evidence.marked(place), "")]
        lines += render.inputs(fault.case) if fault.case is not None else []
        place = places[0] if places else None
        return Finding(fault.status, fault.mistake, _message(fault.tell, lines), "cause", place)

    def _places(self, failure: Failure, exercise: Exercise, inspects: Inspects) -> list[Place]:
        if failure.cases[0].cotangent is not None:
            raised = failure.answers[next(iter(failure.wrong))].raised
            if raised is not None:
                return self._blame.line(raised.line, exercise, inspects)
            return self._blame.cut(failure, exercise, inspects)
        return self._blame.places(failure, exercise, inspects)

    def _told(
        self,
        failure: Failure,
        exercise: Exercise,
        student: Student,
        named: list[Mistake],
        places: list[Place],
        inspects: Inspects | None,
        would_get_here: Callable[[Function], bool],
    ) -> _Told:
        """What is said of a failure: its cause, else its place, else what can be said of any wrong answer."""
        known = self._catalogue.of(exercise.id)
        if named:
            tell = "\nAnd: ".join(dict.fromkeys(known.tell for known in named))
            return _Told(named[0].id, tell, "cause")
        ended = self._ended(failure, exercise, places, inspects) if inspects is not None else None
        described = patterns.find(failure, exercise, student, self._reference(exercise)) if failure.describe else None
        rounded = patterns.is_right_but_rounded(failure)
        mostly = [] if described is not None or rounded else self._for_most(known, failure, would_get_here)
        if mostly and mostly[0][1] == 1:
            return _Told(mostly[0][0].id, mostly[0][0].tell, "cause", lines=ended.lines if ended is not None else ())
        if ended is not None:
            return ended
        if described is not None and (described.degree == "cause" or not places):
            return _Told(described.mistake, described.tell, described.degree, described.index)
        if places and (places[0].should_be or places[0].quantity):
            id = f"wrong_{slug(places[0].quantity)}" if places[0].quantity else "gradient_cut"
            return _Told(id, in_words(places), "place")
        if mostly:
            tell = f"Most of your wrong answers, not all, are what this gives: {mostly[0][0].tell}"
            return _Told(mostly[0][0].id, tell, "symptom")
        pattern = patterns.find(failure, exercise, student, self._reference(exercise))
        return _Told(pattern.mistake, pattern.tell, pattern.degree, pattern.index)

    @staticmethod
    def _ended(failure: Failure, exercise: Exercise, places: Sequence[Place], inspects: Inspects) -> _Told | None:
        """What is said of a call that raises, or never ends: where, and what the exception means."""
        index, found = next(iter(failure.wrong.items()))
        raised = failure.answers[index].raised
        if found[0].kind != "raised" or raised is None or raised.todo or raised.kind == "died":
            return None
        case = failure.cases[index]
        if case.cotangent is not None or isinstance(case.expected, Raised):
            return None
        end = exceptions.ending(case, exercise.unit, exercise.name, inspects)
        if end is None:
            return None
        lines = [*evidence.marked(end.place), *exceptions.of_parts(end.parts), ""]
        if raised.kind == "timeout":
            return _Told("never_ends", exceptions.of_no_end(raised, exercise, end), "place", index, lines, end.place)
        tell = exceptions.of_raising(raised, end, everywhere=len(failure.wrong) == len(failure.cases))
        if places and places[0].should_be:
            tell += f" What is marked in line {places[0].line} should be {places[0].should_be}."
        if (places[0].line if places else None) == end.place.line:
            lines = []
        return _Told("raises", tell, "place", index, lines, end.place)

    def _one(self, failure: Failure, exercise: Exercise, would_get_here: Callable[[Function], bool]) -> list[Mistake]:
        """The one mistake of the catalogue that explains `failure`, if there is one."""
        if all(answer.raised is not None for answer in failure.answers):
            return []
        known = self._catalogue.of(exercise.id)
        singles = [(mistake.function, mistake.function) for mistake in known]
        for position in self._shortlist("singles", singles, failure):
            mistake = known[position]
            fits = self._explains(mistake.function, mistake.function, failure, failure.answers)
            if fits and would_get_here(mistake.function):
                return [mistake]
        return []

    def _several(
        self, failure: Failure, exercise: Exercise, would_get_here: Callable[[Function], bool]
    ) -> list[Mistake]:
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
        self, known: list[Mistake], failure: Failure, exercise: Exercise, would_get_here: Callable[[Function], bool]
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

    def _for_most(
        self, known: list[Mistake], failure: Failure, would_get_here: Callable[[Function], bool]
    ) -> list[tuple[Mistake, float]]:
        """The one mistake that explains the largest share of the cases that it or the student has wrong, if most.

        With that share: it is all of them where every wrong answer is an exception, which names nothing by itself.
        """
        best, share = None, MOST
        for mistake in known:
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

    def _counterexample(
        self,
        failure: Failure,
        index: int,
        exercise: Exercise,
        student: Student,
        wrong_function: Function | None,
    ) -> tuple[Case, Answer]:
        """The case that gives the answer away, and the student's answer to it.

        For a mistake of the catalogue it is looked for once a run, with the catalogue's own function.
        """
        case, answer = failure.cases[index], failure.answers[index]
        drawn = case.origin is not None and case.origin.strategy is not None
        if not self._shrink or not drawn or failure.random or answer.raised is not None:
            return case, answer
        if _size(case)[0] <= FEW and has_telling_numbers(case) and is_visible(case, answer):
            return case, answer
        reference, returns = self._reference(exercise), exercise.returns

        def ask(candidate: Case) -> Answer:
            return student.ask([candidate.call()])[0]

        if wrong_function is None:
            small = most_telling(case, ask, exercise.parameters, reference, returns)
        else:
            # Of what a submission reads, nothing may depend on the submissions before it: the key has all that the
            # search depends on, and where it finds nothing each keeps its own case.
            key = wrong_function, case.cotangent is not None, id(case.origin), case.dtype
            if key not in self._telling:
                found = most_telling(
                    case, lambda candidate: evaluate(wrong_function, candidate), exercise.parameters, reference, returns
                )
                self._telling[key] = None if found is case else found
            small = self._telling[key] or case
        if small is case:
            return case, answer
        answer_to_small = ask(small)
        if answer_to_small.raised is None and differences(small, answer_to_small, returns):
            return small, answer_to_small
        return case, answer


def _no_reference(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError("public cases carry their own answers")


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


def _which_outputs(failure: Failure, exercise: Exercise) -> str:
    """A first line on which outputs are right, where an exercise has several and some are."""
    found = [difference for each in failure.wrong.values() for difference in each]
    wrong = {difference.where.partition("[")[0] for difference in found}
    right = [name for name in exercise.returns if name not in wrong]
    if len(exercise.returns) < 2 or not right or not wrong <= set(exercise.returns):
        return ""
    order = [name for name in exercise.returns if name in wrong]
    return f"{_list(right)} {'is' if len(right) == 1 else 'are'} right; {_list(order)} " + (
        "is not. " if len(order) == 1 else "are not. "
    )


def _list(names: Sequence[str]) -> str:
    return listed([f"`{name}`" for name in names])


def _message(tell: str, lines: list[str]) -> str:
    return "\n".join([tell, *([""] if lines else []), *(f"    {line}" for line in lines)])


def _shown(failure: Failure) -> int:
    """The wrong case that shows most: an answer that is visibly off, numbers that tell, and few of them."""

    def key(index: int) -> tuple[bool, bool, bool, tuple[int, int]]:
        case, answer = failure.cases[index], failure.answers[index]
        raised = answer.raised is not None
        visible = not raised and not failure.random and is_visible(case, answer)
        return raised, not visible, not has_telling_numbers(case), _size(case)

    return min(failure.wrong, key=key)


def _size(case: Case) -> tuple[int, int]:
    sizes = [value.numel() for value in case.inputs.values() if isinstance(value, torch.Tensor)]
    return sum(sizes), len(sizes)
