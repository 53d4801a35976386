"""What lets public checks name slips (`slips.py`), without the instructor's folders.

`exercises/<unit>/known_slips.json` has what is told of a slip under a digest of what it answers to the public examples,
and locked by it: who does not answer so cannot read it. It is derived and never edited; `backpass derive` writes it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from backpass.course.language import tr
from backpass.course.manifest import Course, Exercise
from backpass.explaining import digests
from backpass.explaining.mistakes import Mistake, Step, one_of
from backpass.explaining.slips import SLIPS, slip_in
from backpass.judging.cases import Case
from backpass.judging.failures import Failure
from backpass.judging.student import Student
from backpass.judging.variants import Function
from backpass.worker.calls import Answer

KNOWN_SLIPS = "known_slips.json"
MADE_OF = "made of"  # beside the exercises: a hash of what the slips of a unit are made of
OF_NUMBERS, OF_ARGUMENTS = "of numbers", "of arguments"  # in the place of a step
_TOLD = (
    *(
        "the parentheses are in the wrong place",
        "it comes out as if a `*` stood before a part, where another sign belongs",
    ),
    *("`sum` stands where another function belongs", "is taken over the wrong dimension", "` and ` are exchanged"),
    *("` is not the right number", "` is taken as one less than it is", "\t\tpart_of_one\t`1 - ...` stands where `"),
    *("\tsides_exchanged\t", "\tanother_sign\t", "\toff_by_one\t`", "\tanother_number\t`", "multiplied_by_its_width\t"),
    *("\tas_if_one\t\n1\t", "\texchanged\t`", "\tneighbouring_function\t`", "\tdivided_by_its_number_of_rows\t"),
    *("\tpart_left_out\tyou leave out `", "\twrong_variable\tyou take ` in place of the "),
)


def often(steps: Sequence[Sequence[str]]) -> str:
    """What texts of slips are likely to have: the words of the steps, and how slips are told."""
    return "\n".join([*(words for _, words, _ in steps), *_TOLD])


class RecordedSlips:
    """The slips that are recorded in `exercises/`; a unit's are read when something in it goes wrong."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._unit = functools.cache(self._read)
        self._last: tuple[Failure, list[tuple[int, str, Mistake]]] | None = None

    def like(self, failure: Failure, student: Student, source: str, step: str | None = None) -> list[Mistake]:
        """The slip that answers as a submission does: in `step` or one that this is computed from, or in any step.

        Slips that nothing but other inputs tells apart are told as what it may be.
        """
        if self._last is None or self._last[0] is not failure:
            self._last = failure, [*self._answering_so(failure, student)]
        known = [each for each in self._last[1] if each[-1].may_be_in(source)]
        if step is not None:
            inside = [each for each in known if each[1] == step]
            known = inside or [each for each in known if step in each[-1].leads_to]
        first: dict[int, Mistake] = {}
        for group, _, slip in known:
            first.setdefault(group, slip)
        tell, what = (one_of([*dict.fromkeys(getattr(each, of) for each in first.values())]) for of in ("tell", "what"))
        return [replace(slip, tell=tell, what=what) for slip in [*first.values()][:1] if tell]

    def _answering_so(self, failure: Failure, student: Student) -> Iterator[tuple[int, str, Mistake]]:
        """The slips that answer as a submission does: which of them are alike, the step, and the slip."""
        exercise = student.exercise
        recorded = self._unit(exercise.unit).get(exercise.id)
        if recorded is None or failure.random:
            return
        steps, slips = recorded["steps"], recorded["slips"]
        probes = [probe(exercise, digests.unpacked(inputs)) for inputs in recorded["probes"]]
        probed = [*zip(probes, student.ask([case.call() for case in probes]), strict=True)] if probes else []
        asked = [*zip(failure.cases, failure.answers, strict=True)]
        answer = _answering(asked)
        for key in digests.digests(exercise.id, asked, failure.wrong, probed):
            locked = slips.get(digests.name(key))
            told = digests.unlocked(locked, key, often(steps)).split("\n") if locked else ()
            for group, step, leads_to, rule, what in (each.split("\t") for each in told):
                if step in (OF_NUMBERS, OF_ARGUMENTS):
                    yield int(group), step, Mistake(exercise.id, rule, what, answer)
                else:
                    name, words, why = steps[int(step)]
                    what = what or tr(SLIPS[rule][0])
                    slip = slip_in(exercise.id, Step(name, answer, words, why), rule, what, answer)
                    later = frozenset(steps[int(each)][0] for each in leads_to.split())
                    yield int(group), name, replace(slip, leads_to=later)

    def _read(self, unit: str) -> Any:
        path = self._course.root / "exercises" / unit / KNOWN_SLIPS
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def probe(exercise: Exercise, inputs: dict[str, Any]) -> Case:
    """A case of which the right answer is not told: slips that answer the examples alike answer it differently."""
    return Case(inputs, tuple(name for name in inputs if exercise.parameters[name] is not ...))


def _answering(asked: Sequence[tuple[Case, Answer]]) -> Function:
    """A function that answers as a submission did."""
    known = {digests.of_inputs(case.inputs): answer for case, answer in asked}

    def answer(*args: Any, **kwargs: Any) -> Any:
        found = known[digests.of_inputs([*args, *kwargs.values()])]
        if found.raised is not None:
            raise type(found.raised.kind, (Exception,), {})
        return found.value

    return answer
