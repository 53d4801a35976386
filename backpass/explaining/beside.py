"""What a named mistake does not explain: the answers to a further check, which it would fail in another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining import evidence
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import Inspects, Place, in_words
from backpass.explaining.counterexample import is_visible, overflows
from backpass.judging.cases import Case, evaluate
from backpass.judging.comparison import measured
from backpass.judging.failures import Failure
from backpass.judging.variants import Function
from backpass.worker.calls import Answer


def unexplained_by(function: Function, failure: Failure) -> Iterator[tuple[Case, Answer]]:
    """The wrong cases that a mistake answers visibly otherwise than the student; those first that are not finite.

    What only that mistake would give is `expected` of them. Where it is infinite itself, nothing can be told of them.
    """
    found = []
    for index in failure.wrong if not failure.random else ():
        case, mine = failure.cases[index], failure.answers[index]
        theirs = evaluate(function, case)
        if mine.raised is None and theirs.raised is None and case.cotangent is None and case.times == 1:
            of_mistake = replace(case, expected=measured(case, theirs))
            if not overflows(case, theirs) and (overflows(of_mistake, mine) or is_visible(of_mistake, mine)):
                found.append((of_mistake, mine))
    yield from sorted(found, key=lambda each: not overflows(*each))


def more(
    function: Function, failure: Failure, exercise: Exercise, blame: Blame, inspects: Inspects, *, show_expected: bool
) -> tuple[str, list[str], Place | None] | None:
    """What to say of it, what stands below, and the place, if one is known; None where the mistake explains all."""
    for of_mistake, mine in unexplained_by(function, failure):
        case = next(each for each in failure.cases if each.inputs is of_mistake.inputs)
        shown = evidence.of_case(case, mine, exercise, show_expected=show_expected)
        places = blame.not_finite(case, exercise, inspects) if overflows(of_mistake, mine) else []
        if places:
            return in_words(places), [*evidence.marked(places[0]), "", *shown], places[0]
        return tr("The mistake above does not explain your answer to these inputs:"), shown, None
    return None
