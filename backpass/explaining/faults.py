"""A check that knows itself what is wrong: its text, with the place in the student's code that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backpass.course.manifest import Exercise
from backpass.explaining import evidence, exceptions, render
from backpass.explaining.blame import Blame
from backpass.explaining.blamed import Inspects, Place
from backpass.explaining.finding import Finding, message_of
from backpass.judging.failures import Fault

_NAMED = re.compile(r"`([a-z_]\w*)`")  # in a text, parts of the answer and inputs
# In ids of mistakes: it is the draw that goes wrong.
_OF_DRAWS = re.compile("draw|noise|replacement|shuffle|one_value|uniform_first_row|one_offset")
_OF_SEEDS = re.compile("generator_not_advanced|always_the_same")


def of_a_fault(fault: Fault, text: str, exercise: Exercise, blame: Blame, inspects: Inspects | None) -> Finding:
    """The finding for a fault. `text`: what the catalogue says of it, if anything."""
    tell = f"{text} {fault.tell}".strip()
    if inspects is None:
        return Finding(fault.status, fault.mistake, message_of(tell, _inputs(fault)), "cause")
    if fault.raised is not None:
        call, raised = fault.raised
        _, end = next(exceptions.endings([call], exercise, inspects), (0, None))
        if end is not None and not end.stopped:
            lines = exceptions.quoted(end)
            tell = exceptions.of_raising(raised, end, everywhere=True)
            return Finding(fault.status, fault.mistake, message_of(tell, lines), "place", end.place)
    if fault.case is not None and (fault.about == "the write" or fault.mistake == "input_modified"):
        place, after = blame.write(fault.case, exercise, inspects)
        places = [place] if place is not None else []
        shown = [*_inputs(fault), *evidence.after_the_call(fault.case, after)]
    else:
        places = items_of(_places(fault, tell, exercise, blame, inspects), exercise, blame, inspects)
        shown = _inputs(fault)
    lines = [line for place in places for line in (*evidence.marked(place), "")] + shown
    return Finding(fault.status, fault.mistake, message_of(tell, lines), "cause", places[0] if places else None)


def _places(fault: Fault, tell: str, exercise: Exercise, blame: Blame, inspects: Inspects) -> list[Place]:
    about = [fault.about] if fault.about else ["the draw"] if is_of_a_draw(fault.mistake) else []
    about = ["the seed", *about] if _OF_SEEDS.search(fault.mistake) else about
    places = blame.made(about, exercise, inspects) if about else []
    if not places and fault.case is not None and not fault.about:
        return blame.returned(fault.case, exercise, inspects)
    return places or blame.made(_NAMED.findall(tell), exercise, inspects)


def _inputs(fault: Fault) -> list[str]:
    return render.inputs(fault.case) if fault.case is not None else []


def is_of_a_draw(mistake: str) -> bool:
    """Whether it is a draw that goes wrong."""
    return _OF_DRAWS.search(mistake) is not None


def items_of(places: Sequence[Place], exercise: Exercise, blame: Blame, inspects: Inspects) -> list[Place]:
    """In the place of a list that is returned what is appended to it."""
    names = [name for each in places for name in (each.source.strip().removeprefix("return "), each.expression)]
    return (blame.made(names, exercise, inspects, items=True) if is_vague(places) else []) or [*places]


def is_vague(places: Sequence[Place]) -> bool:
    """Whether no more is known of the place than what is returned."""
    return not places or places[0].source.lstrip().startswith("return")
