"""What can be said of a wrong schedule that no catalogued mistake explains: arguments, shape, joints, area."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from backpass.judging.cases import Case
from backpass.judging.failures import Description, Failure
from backpass.judging.student import Student
from solutions import schedules

ALIKE = 1e-6  # of the highest rate: two rates are the same rate
# What may have been done to an argument, or to the result.
CHANGES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("{} / 2", lambda x: x / 2),
    ("2 {}", lambda x: 2 * x),
    ("{} squared", lambda x: x * x),
    ("the root of {}", lambda x: math.sqrt(x)),
    ("1 / {}", lambda x: 1 / x),
    ("1 - {}", lambda x: 1 - x),
    ("-{}", lambda x: -x),
    ("{} / 10", lambda x: x / 10),
    ("10 {}", lambda x: 10 * x),
    ("0", lambda x: 0.0),
    ("1", lambda x: 1.0),
)
# What a default may have been changed to.
DEFAULTS = (*(10.0**power for power in range(-6, 6)), 0.0, 0.2, 0.25, 0.3, 0.5, 0.9, 0.95, 0.99, 2.0)
SHIFTS = (("{} + 1", 1), ("{} - 1", -1), ("{} + 2", 2), ("{} - 2", -2))


@dataclass
class Point:
    """One step of a run: the case, what is returned, what is right, and where in the run it is."""

    index: int
    case: Case
    got: float
    right: float
    place: str

    @property
    def step(self) -> int:
        return self.case.inputs["step"]

    @property
    def wrong(self) -> bool:
        return not _alike(self.got, self.right, self.case)


def describe_curve(failure: Failure, student: Student) -> Description | None:
    """The first fact that holds for the whole of the wrong answers."""
    reference = getattr(schedules, student.exercise.name)
    points = [
        Point(index, case, float(answer.value), case.expected, _place(student.exercise.name, case.inputs))
        for index, (case, answer) in enumerate(zip(failure.cases, failure.answers, strict=True))
        if type(answer.value) in (int, float)
    ]
    if len(points) < len(failure.cases):
        return None
    for fact in FACTS:
        pattern = fact(points, student, reference)
        if pattern is not None:
            return pattern
    return _where(points)


def _remembers(points: list[Point], student: Student, reference: Any) -> Description | None:
    """The same questions in another order have other answers."""
    answers = student.ask([point.case.call() for point in reversed(points)])
    for answer, point in zip(answers, reversed(points), strict=True):
        if answer.raised is None and answer.value != point.got:
            text = (
                "Asked in another order, your function answers something else: it remembers earlier calls (a global, a "
                "default argument that changes). Its result may depend on its arguments only."
            )
            return Description("remembers_earlier_calls", text, point.index)
    return None


def _alike(a: float, b: float, case: Case) -> bool:
    size = max(abs(b), case.inputs.get("max_lr", 0.0), case.inputs.get("base_lr", 0.0))
    return abs(a - b) <= ALIKE * size


def _not_finite(points: list[Point], student: Student, reference: Any) -> Description | None:
    for point in points:
        if not math.isfinite(point.got):
            text = "Your rate is no number here (infinity or NaN): a division by 0, or a power that grows too large."
            return Description("not_finite", text, point.index)
    return None


def _never_moves(points: list[Point], student: Student, reference: Any) -> Description | None:
    by_run = list(_runs(points))
    moving = [run for run in by_run if len({point.right for point in run}) > 1]
    if len(moving) > 1 and all(len({point.got for point in run}) == 1 for run in moving):
        return Description("never_moves", "Your rate is the same at every step of a run: `step` changes nothing.", None)
    if len({point.got for point in points}) == 1 and len(points) > 2:
        return Description(
            "always_the_same", f"You always return {points[0].got:.5g}, whatever the arguments are.", None
        )
    return None


def _ignores(points: list[Point], student: Student, reference: Any) -> Description | None:
    """An argument that changes nothing anywhere, where it should change something."""
    names = [name for name in points[0].case.inputs if name != "step"]
    for name in names:
        changed = [_with(point, name, _other(name, point.case.inputs.get(name))) for point in points]
        if any(case.inputs.get(name) is None for case in changed):
            continue
        right = [_answer(reference, case) for case in changed]
        if not any(
            value is not None and not _alike(value, p.right, p.case) for value, p in zip(right, points, strict=False)
        ):
            continue
        answers = student.ask([case.call() for case in changed])
        if all(each.raised is None and each.value == point.got for each, point in zip(answers, points, strict=True)):
            return Description(
                "ignores_argument", f"Changing `{name}` changes nothing in your rates: is it used at all?"
            )
    return None


def _other(name: str, value: Any) -> Any:
    """Another value for an argument, near enough to be a sensible one."""
    return value + 2 if type(value) is int else None if value is None else 0.9 * value + 0.001


def _argument_changed(points: list[Point], student: Student, reference: Any) -> Description | None:
    """Right, were it not for one argument, which is another number than it should be."""
    for name, value in points[0].case.inputs.items():
        changes: list[tuple[str, Callable[[Any], Any]]] = list(CHANGES)
        if type(value) is int:
            shifts = [(text, lambda x, by=by: x + by) for text, by in SHIFTS]
            changes = [*shifts, *CHANGES[:2]]
        for text, change in changes:
            if _is_as_if(points, name, change, reference):
                said = text.format(f"`{name}`")
                start = "Off by one: y" if type(value) is int and "1" in text else "Y"
                mistake = "off_by_one" if type(value) is int and "1" in text else "changed_argument"
                return Description(mistake, f"{start}our rates are those for {said} where `{name}` is meant.")
    for name, default in student.exercise.parameters.items():
        missing = [point for point in points if name not in point.case.inputs]
        for other in DEFAULTS if missing and default is not ... else ():
            if _all_alike(points, [_with(p, name, other) if p in missing else p.case for p in points], reference):
                text = f"Your default for `{name}` seems to be {other:g}: in the signature it is {default:g}."
                return Description("another_default", text)
    names = list(points[0].case.inputs)
    for position, first in enumerate(names):
        for second in names[position + 1 :]:
            swapped = [
                _with(_with(p, first, p.case.inputs.get(second)), second, p.case.inputs.get(first)) for p in points
            ]
            if _all_alike(points, swapped, reference):
                return Description("arguments_swapped", f"`{first}` and `{second}` are swapped in your rates.")
    return None


def _is_as_if(points: list[Point], name: str, change: Callable[[Any], Any], reference: Any) -> bool:
    try:
        changed = [_with(point, name, change(point.case.inputs[name])) for point in points]
    except (KeyError, ValueError, ZeroDivisionError):
        return False
    return _all_alike(points, changed, reference)


def _all_alike(points: list[Point], cases: list[Case], reference: Any) -> bool:
    for point, case in zip(points, cases, strict=True):
        value = _answer(reference, case)
        if value is None or not _alike(point.got, value, point.case):
            return False
    return True


def _result_changed(points: list[Point], student: Student, reference: Any) -> Description | None:
    """The right rate, with something done to it."""
    for text, change in CHANGES:
        try:
            if all(_alike(point.got, change(point.right), point.case) for point in points):
                return Description("changed_result", f"Your rate is {text.format('the right one')}, at every step.")
        except (ValueError, ZeroDivisionError):
            continue
    moving = [point for point in points if point.right]
    factor = moving[0].got / moving[0].right if moving else 1.0
    if all(_alike(point.got, factor * point.right, point.case) for point in points):
        return Description("constant_factor", f"Your rate is {factor:.4g} times the right one, at every step.")
    if all(abs(point.got - point.right) <= 1e-3 * abs(point.right) + 1e-4 * point.case.expected for point in points):
        text = "Close, but not close enough: is something rounded, held within limits, or a small number added?"
        return Description("imprecise", text)
    return None


def _shifted(points: list[Point], student: Student, reference: Any) -> Description | None:
    """The right rates, each a step early or late inside its run; the ends of a run may be patched."""
    if any("step" not in point.case.inputs for point in points):
        return None
    for words, by in (("early", 1), ("late", -1)):
        pairs = [
            (point, other)
            for run in _runs(points)
            for point in run
            for other in run
            if other.step == point.step + by and (point.wrong or not _alike(other.right, point.right, point.case))
        ]
        if len(pairs) > 3 and all(_alike(point.got, other.right, point.case) for point, other in pairs):
            return Description("off_by_one", f"Off by one: your rates are the right ones, each one step too {words}.")
    return None


def _where(points: list[Point]) -> Description:
    """Where in the runs the wrong rates are, and what it does to the sum of all rates."""
    wrong = dict.fromkeys(point.place for point in points if point.wrong)
    right = [place for place in dict.fromkeys(point.place for point in points) if place not in wrong]
    first = next(point for point in points if point.wrong)
    run = next(run for run in _runs(points) if first in run)
    got, expected = sum(point.got for point in run), sum(point.right for point in run)
    text = f"Wrong {_list(list(wrong))}" + (f", and right {_list(right)}. " if right else ". ")
    if len(run) > 2 and math.isclose(got, expected, rel_tol=1e-6):
        text += "The area under the curve below is right, its shape is not. "
    elif len(run) > 2:
        text += f"Over the run below your rates add up to {got:.4g}, where {expected:.4g} is right. "
    text += "This is the first wrong step:" if "step" in first.case.inputs else "For instance:"
    slug = "".join(letter if letter.isalnum() else "_" for letter in next(iter(wrong)))
    return Description(f"only_{slug}" if right and len(wrong) == 1 else None, text, first.index)


def _list(places: list[str]) -> str:
    return places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"


def _place(exercise: str, inputs: dict[str, Any]) -> str:
    """Where in its run a step is, in words."""
    step = inputs.get("step")
    if exercise in ("cosine_annealing", "warmup_cosine"):
        warm, total = inputs.get("warmup_steps", 0), inputs["total_steps"]
        if step >= total:
            return "at total_steps" if step == total else "after total_steps"
        if exercise == "warmup_cosine" and step <= warm:
            return "at warmup_steps" if step == warm else "during the warm-up"
        return "at step 0" if step == 0 else "on the cosine"
    if exercise == "one_cycle":
        peak = inputs.get("pct_start", 0.3) * inputs["total_steps"] - 1
        ends = {0: "at step 0", inputs["total_steps"] - 1: "at the last step"}
        return ends.get(step, "on the way up" if step <= peak else "on the way down")
    if exercise in ("cosine_restarts", "step_decay"):
        kind, length = ("period", inputs["period"]) if exercise == "cosine_restarts" else ("stair", inputs["step_size"])
        if step < length:
            return f"in the first {kind}"
        return f"at the first step of later {kind}s" if step % length == 0 else f"inside later {kind}s"
    if exercise == "exponential_decay":
        return {0: "at step 0", 1: "at step 1"}.get(step, "at later steps")
    growth = inputs["batch_size"] / inputs["base_batch_size"]
    return "for larger batches" if growth > 1 else "for smaller batches" if growth < 1 else "for equal batches"


def _runs(points: list[Point]) -> Iterator[list[Point]]:
    """The points of each run, in the order of their steps."""
    by_run: dict[Any, list[Point]] = {}
    for point in points:
        rest = tuple((name, value) for name, value in point.case.inputs.items() if name != "step")
        by_run.setdefault(rest, []).append(point)
    for run in by_run.values():
        yield sorted(run, key=lambda point: point.case.inputs.get("step", 0))


def _with(point: Point | Case, name: str, value: Any) -> Case:
    case = point.case if isinstance(point, Point) else point
    return replace(case, inputs={**case.inputs, name: value})


def _answer(reference: Any, case: Case) -> float | None:
    """What the reference answers to arguments that may make no sense."""
    try:
        value = reference(**case.inputs)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return float(value) if isinstance(value, int | float) else None


FACTS = (_not_finite, _remembers, _never_moves, _ignores, _argument_changed, _result_changed, _shifted)


def describe_cuts(failure: Failure, student: Student) -> Description | None:
    """How the cuts differ from the right ones: in number, in time or in size."""
    facts: list[str] = []
    for index in failure.wrong:
        case, value = failure.cases[index], failure.answers[index].value
        if not isinstance(value, list | tuple) or any(type(rate) not in (int, float) for rate in value):
            return None
        facts.append(_about_cuts(case, list(value)))
    kinds = dict.fromkeys(facts)
    index = next(iter(failure.wrong))
    texts = {
        "cuts_too_early": "The cuts come too early.",
        "cuts_too_late": "The cuts come too late.",
        "cuts_missing": "Cuts are missing.",
        "cuts_too_many": "There are cuts too many.",
        "cuts_of_the_wrong_size": "The cuts come at the right epochs, and the rates are wrong.",
        "rates_rise": "Your rate rises somewhere: a cut makes it smaller, and it never comes back.",
        "first_rate_wrong": "The rate after the first epoch is wrong: nothing has been cut by then.",
    }
    if len(kinds) == 1:
        return Description(facts[0], texts[facts[0]])
    if set(kinds) <= {"cuts_too_early", "cuts_too_many"}:
        return Description(
            "cuts_too_early", "The cuts come too early, and there are too many of them in some runs.", index
        )
    if set(kinds) <= {"cuts_too_late", "cuts_missing"}:
        return Description("cuts_too_late", "The cuts come too late, and some are missing.", index)
    return Description(None, f"In the run below: {texts[facts[0]][0].lower()}{texts[facts[0]][1:]}", index)


def _about_cuts(case: Case, rates: list[float]) -> str:
    base, factor = case.inputs["base_lr"], case.inputs.get("factor", 0.1)
    mine, right = _epochs_of_cuts(base, rates), _epochs_of_cuts(base, case.expected)
    if any(after > before for before, after in itertools.pairwise(rates)) and factor < 1:
        return "rates_rise"
    if mine == right:
        return "cuts_of_the_wrong_size"
    if len(right) < len(mine) and set(right) <= set(mine):
        return "cuts_too_many"
    if set(mine) < set(right):
        return "cuts_missing"
    first = next((pair for pair in zip(mine, right, strict=False) if pair[0] != pair[1]), None)
    if first is None:
        return "cuts_too_many" if len(mine) > len(right) else "cuts_missing"
    return "cuts_too_early" if first[0] < first[1] else "cuts_too_late"


def _epochs_of_cuts(base: float, rates: list[float]) -> list[int]:
    before = [base, *rates]
    return [epoch for epoch, rate in enumerate(rates) if not math.isclose(rate, before[epoch], rel_tol=1e-9)]
