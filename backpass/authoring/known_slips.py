"""Records what slips answer to public examples, for `backpass.explaining.recorded_slips` to read."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch

from backpass.authoring.verify import MORE
from backpass.course.language import tr
from backpass.course.manifest import Exercise, Unit
from backpass.explaining import digests
from backpass.explaining.likeness import close
from backpass.explaining.mistakes import Anatomy, Catalogue, Mistake
from backpass.explaining.recorded_slips import OF_ARGUMENTS, OF_NUMBERS, often, probe
from backpass.explaining.slips import SLIPS, exchanged_arguments, is_unusual, slips_by_rule, slips_of_numbers
from backpass.judging.cases import Case, evaluate, tensors
from backpass.judging.comparison import differences, measured
from backpass.judging.graders import Graders, PublicChecks
from backpass.judging.variants import Function
from backpass.worker.calls import Answer, Raised

_TELLING, _SMALL = 24, 500  # hidden cases that tell slips apart, and the numbers in the inputs of one
_PROBES, _OF_A_PROBE = 3, 40
_FEWEST = 2  # wrong examples, where there are no probes
_MOST = 12  # slips that answer alike

Slip = tuple[str, str, str, Mistake]  # the step, the rule, what happened


def known_slips(public: PublicChecks, hidden: Graders, unit: Unit, catalogue: Catalogue) -> dict[str, Any]:
    """By exercise the words and whys of its steps, probes, and under digests of answers what is told of slips."""
    recorded = {}
    for exercise in unit.exercises:
        anatomy = catalogue.anatomy(exercise.id)
        if anatomy is not None:
            steps = [(name, anatomy.steps[name].words, anatomy.steps[name].why) for name in anatomy.needed()]
            probes = _probes(hidden, exercise)
            recorded[exercise.id] = {
                "steps": steps,
                "probes": [digests.plain(case.inputs) for case in probes],
                "slips": dict(_slips(public, hidden, exercise, anatomy, catalogue, steps, probes)),
            }
    return recorded


def _slips(
    public: PublicChecks,
    hidden: Graders,
    exercise: Exercise,
    anatomy: Anatomy,
    catalogue: Catalogue,
    steps: Sequence[Sequence[str]],
    probes: Sequence[Case],
) -> Iterator[tuple[str, str]]:
    """What is recorded of slips that public examples show, and no row has: names of digests, and texts."""
    reference = hidden.reference(exercise)
    every = [(OF_NUMBERS, each.id, each.tell, each) for each in slips_of_numbers(exercise, reference, ())]
    every += [(OF_ARGUMENTS, each.id, each.tell, each) for each in exchanged_arguments(exercise, reference)]
    every += [(next(iter(slip.steps)), rule, what, slip) for rule, what, slip in slips_by_rule(anatomy)]
    needed = anatomy.needed()
    place = {step: str(number) for number, step in enumerate(needed)} | {
        each: each for each in (OF_NUMBERS, OF_ARGUMENTS)
    }
    leads_to = {step: " ".join(place[each] for each in needed if anatomy.rests_on(each, step)) for step in place}
    telling = _telling(hidden, exercise)
    for check in public.of(exercise):
        cases = public.cases(check, "cpu")
        if any(case.statistics is not None for case in cases):
            continue  # of what is drawn, many slips give the same
        in_rows = {_key(exercise, cases, probes, row.function) for row in catalogue.of(exercise.id)}
        alike: dict[bytes, list[Slip]] = {}
        for slip in every:
            fewest = 1 if probes or slip[0] == OF_NUMBERS else _FEWEST
            key = (
                b"" if not probes and _is_by_chance(slip) else _key(exercise, cases, probes, slip[-1].function, fewest)
            )
            if key and key not in in_rows:
                alike.setdefault(key, []).append(slip)
        for key, slips in alike.items():
            told: dict[tuple[int, str], str] = {}
            for group, members in enumerate(_apart(slips, telling)):
                for step, rule, what, _ in members:
                    what = "" if rule in SLIPS and what == tr(SLIPS[rule][0]) else what
                    told.setdefault((group, step), f"{group}\t{place[step]}\t{leads_to[step]}\t{rule}\t{what}")
            if len(told) <= _MOST:
                yield digests.name(key), digests.locked("\n".join(told.values()), key, often(steps))


def _is_by_chance(slip: Slip) -> bool:
    """Whether small numbers in examples may come out as with a slip that did not happen."""
    step, rule, *_ = slip
    return step == OF_ARGUMENTS or is_unusual(rule)


def _key(
    exercise: Exercise, cases: Sequence[Case], probes: Sequence[Case], function: Function, fewest: int = 1
) -> bytes:
    """The digest of what a function answers; empty where `fewest` examples do not show it."""
    asked: list[tuple[Case, Answer]] = []
    for case in cases:
        answer = _answer(function, case)
        if isinstance(answer.value, list | tuple) and not isinstance(case.template, list | tuple):
            return b""  # a list times a number: no slip of the hand, and long where the number is large
        asked.append((case, answer))
    wrong = [index for index, each in enumerate(asked) if differences(*each, exercise.returns)]
    if len(wrong) < fewest:
        return b""
    probed = [(case, _answer(function, case)) for case in probes]
    return next(iter(digests.digests(exercise.id, asked, wrong, probed)), b"")


def _probes(hidden: Graders, exercise: Exercise) -> list[Case]:
    """Small inputs of which no check knows, to ask beside the examples; none where they cannot be written down."""
    small = [
        case
        for case in hidden.more_cases(exercise, MORE)
        if sum(each.numel() for each in tensors(case.inputs)) <= _OF_A_PROBE
        and not isinstance(case.expected, Raised)
        and all(_is_written_down(each) for each in case.inputs.values())
    ]
    small.sort(key=lambda case: sum(each.numel() for each in tensors(case.inputs)))
    written = [
        digests.unpacked(digests.plain(case.inputs)) for case in small[:: max(1, len(small) // _PROBES)][-_PROBES:]
    ]
    return [probe(exercise, inputs) for inputs in written]


def _is_written_down(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_written_down, value))
    return value is None or isinstance(value, torch.Tensor | bool | int | float | str)


def _telling(hidden: Graders, exercise: Exercise) -> list[Case]:
    """Hidden cases that tell slips apart which answer the examples alike."""
    of_all = {id(case): case for check in hidden.of(exercise) for case in hidden.cases(check, "cpu")}
    small = [case for case in of_all.values() if sum(each.numel() for each in tensors(case.inputs)) <= _SMALL]
    return small[:: max(1, len(small) // _TELLING)]


def _apart(slips: Sequence[Slip], cases: Iterable[Case]) -> list[list[Slip]]:
    """Slips by what they answer to cases, in order."""
    groups = [[*slips]]
    for case in cases:
        groups = [part for group in groups for part in (_by_answer(group, case) if len(group) > 1 else [group])]
    return groups


def _by_answer(slips: Sequence[Slip], case: Case) -> list[list[Slip]]:
    found: list[tuple[Answer, list[Slip]]] = []
    for slip in slips:
        answer = _answer(slip[-1].function, case)
        like = next((members for other, members in found if _is_alike(case, answer, other)), None)
        if like is None:
            found.append((answer, like := []))
        like.append(slip)
    return [members for _, members in found]


def _is_alike(case: Case, one: Answer, other: Answer) -> bool:
    if one.raised is not None or other.raised is not None:
        return one.raised is not None and other.raised is not None and one.raised.kind == other.raised.kind
    return close(measured(case, one), measured(case, other), case.tolerance, False, case.dtype)


def _answer(function: Function, case: Case) -> Answer:
    with warnings.catch_warnings(action="ignore"):  # wrong code does what torch warns of
        return evaluate(function, case)
