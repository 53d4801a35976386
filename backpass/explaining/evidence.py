"""What stands below a message: the student's line with the place marked, and the case that shows the mistake."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch

from backpass.course.language import tr
from backpass.course.manifest import Exercise
from backpass.explaining import render
from backpass.explaining.blamed import Place
from backpass.judging.cases import Case
from backpass.judging.comparison import measured
from backpass.judging.failures import Failure
from backpass.worker.calls import Answer, Raised

_WIDTH = 64  # columns: what is left of 80 behind the indents of a terminal


def of_place(place: Place, values: tuple[Any, Any] | None, *, show_expected: bool) -> list[str]:
    """The line of the student's file with the expression marked, and what it is and should be in the case below."""
    lines = marked(place)
    if values is not None:
        mine, marks, right = render.contrast(*values)
        is_a_number = isinstance(values[0], float | int)  # of Python, which has no form to be seen behind it
        if mine == (right.partition("   ")[0] if is_a_number else right):  # in this case nobody would see it
            return lines
        labels = tr("it is"), "", tr("should be")
        width = max(map(len, labels))
        told = [f"{label:<{width}}  {value}" for label, value in zip(labels, (mine, marks, right), strict=True)]
        lines += [line for line in told if line.strip()] if show_expected else told[:1]
    return lines


def marked(place: Place) -> list[str]:
    """The line of the student's file, with carets below the expression; of a long line the part around it.

    A terminal that wraps a line would move the carets away from what they mark.
    """
    label = f"{place.file}:{place.line}:"
    indent = len(place.source) - len(place.source.lstrip())
    code, start = place.source[indent:].rstrip(), place.column - indent
    carets = "^" * max(1, len(place.expression))
    if len(label) + 2 + len(code) <= _WIDTH:
        return [f"{label}  {code}", " " * (len(label) + 2 + start) + carets]
    room = _WIDTH - len("...")
    cut = max(0, min(start - 12, len(code) - room)) if start + len(carets) > room else 0
    shown = ("..." if cut else "") + code[cut:]
    start += (3 if cut else 0) - cut
    if len(shown) > _WIDTH:
        shown = shown[:room] + "..."
    return [label, shown, " " * start + carets[: _WIDTH - start]]


def of_case(case: Case, answer: Answer, exercise: Exercise, *, show_expected: bool, told: str = "") -> list[str]:
    """The inputs, what was answered, and what is expected. What `told` has of an exception is not told again."""
    lines = render.inputs(case)
    if answer.raised is not None:
        text = " ".join(answer.raised.text.split())
        again = [tr("raises {exception}", exception=answer.raised.kind)] if text and text in told else None
        lines += _columns(tr("your call"), again or render.answer(answer, exercise.returns))
        if show_expected:
            lines += _columns(tr("expected"), render.expected(case, exercise.returns))
        return lines
    if not show_expected or isinstance(case.expected, Raised):
        lines += _columns(tr("you return"), render.answer(answer, exercise.returns))
        return lines + (list(_columns(tr("expected"), render.expected(case, ()))) if show_expected else [])
    got, marks, expected = render.both(measured(case, answer), case, exercise.returns)
    label = tr("you return")
    for position, line in enumerate(_columns(label, got)):
        below = marks[position] if position < len(marks) else ""
        lines += [line, f"{' ' * len(label)}  {below}"] if below else [line]
    return [*lines, *_columns(tr("expected"), expected)]


def after_the_call(case: Case, after: dict[str, Any]) -> list[str]:
    """The inputs of a case that a call has changed, as they are after it; of a dict the first entry that changed."""
    pairs = {name: (given, after[name]) for name, given in case.inputs.items() if name in after}
    told = {}
    for name, (given, mine) in pairs.items():
        if isinstance(given, dict) and isinstance(mine, dict):
            entries = {f"{name}[{key!r}]": (given[key], mine.get(key)) for key in given}
            told.update(dict([*_changed(entries).items()][:1]))
        else:
            told.update(_changed({name: (given, mine)}))
    return [tr("after the call  {name} = {value}", name=name, value=value) for name, value in told.items()]


def _changed(pairs: dict[str, tuple[Any, Any]]) -> dict[str, str]:
    """Of values before and after a call, by name, those that are displayed otherwise after it."""
    texts = {name: (render.value(before), render.value(after)) for name, (before, after) in pairs.items()}
    return {name: after for name, (before, after) in texts.items() if before != after}


def of_numbers(failure: Failure, index: int) -> list[str]:
    """Of a random answer: the numbers by which it is judged that are not what they should be."""
    case, answer = failure.cases[index], failure.answers[index]
    numbers = measured(case, answer)
    if not isinstance(numbers, dict):
        lines = render.inputs(case) + list(_columns(tr("you return"), render.answer(answer, ())))
        wanted = case.template if isinstance(case.template, torch.Tensor) else None  # of which only the form is asked
        form = f"{tuple(wanted.shape)} {str(wanted.dtype).removeprefix('torch.')}" if wanted is not None else ""
        return [*lines, *_columns(tr("expected"), [tr("a tensor {form}", form=form)])] if form else lines
    names = [each.where for each in failure.wrong[index] if each.where in numbers]
    told = [name for name in names if not math.isnan(numbers[name])] or names
    return render.inputs(case) + [
        tr(
            "your {quantity}  {value}, should be {expected}",
            quantity=tr(name),
            value=render.value(numbers[name]),
            expected=render.value(case.expected[name]),
        )
        for name in told[:3]
    ]


def _columns(label: str, texts: list[str]) -> Iterator[str]:
    for position, text in enumerate(texts):
        yield f"{label if position == 0 else ' ' * len(label)}  {text}"
