"""Pictures of what a student's function does, beside the expected shape: where looking says more than numbers.

`exercises/<unit>/plots.py` declares them:

    @plot("schedules.step_decay", draw=over_steps)
    def staircase(function):
        return {"rate": [function(step=step, base_lr=1.0, step_size=10) for step in range(40)]}

A further parameter of the function that measures is another function of the same author's, by its name.
The expected shape is what the same lines measure of the reference, kept as numbers in `plots.json`: the student's
edition has the picture and not the solution.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backpass.course.manifest import Course, Exercise
from backpass.worker.calls import Answer, Call, Raised

EXPECTED = "plots.json"
BROAD: dict[str, Any] = {"color": "#9fb8d6", "linewidth": 5, "label": "expected", "solid_capstyle": "round"}
THIN: dict[str, Any] = {"color": "#c8541b", "linewidth": 1.6, "label": "yours"}
Data = dict[str, Any]  # lists of numbers, by name
Ask = Callable[[str, str, Sequence[Call]], list[Answer]]


@dataclass(frozen=True)
class Plot:
    """One exercise's picture: `measure(function)` gives the numbers, `draw(axes, yours, expected)` draws them.

    `title`: what is to be seen, for the head of the picture. `others`: the exercises whose functions it measures, too.
    """

    exercise: str
    title: str
    measure: Callable[..., Data]
    draw: Callable[[Any, Data, Data], None]

    @property
    def others(self) -> list[str]:
        return list(inspect.signature(self.measure).parameters)[1:]


class Unplottable(Exception):
    """A picture that cannot be drawn: there is none, or the function raises or returns what has no picture."""


_declared: dict[str, Plot] = {}


def plot(
    exercise: str, draw: Callable[[Any, Data, Data], None]
) -> Callable[[Callable[..., Data]], Callable[..., Data]]:
    """Declare the picture of `unit.name`; the docstring of the function that measures is its title."""

    def declare(measure: Callable[..., Data]) -> Callable[..., Data]:
        title = " ".join((measure.__doc__ or exercise).split())
        _declared[exercise] = Plot(exercise, title, measure, draw)
        return measure

    return declare


def plots_of(course: Course, unit: str) -> list[Plot]:
    """The pictures of a unit, in the order of its exercises."""
    path = course.root / "exercises" / unit / "plots.py"
    if not path.is_file():
        return []
    name = f"exercises.{unit}.plots"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return [_declared[each.id] for each in course.unit(unit).exercises if each.id in _declared]


def numbers_of(plot: Plot, course: Course, ask: Ask) -> Data:
    """The numbers of the functions behind `ask`; Unplottable where one raises or gives something else than numbers."""
    exercise = course.exercises[plot.exercise]
    named = {each.name: each for each in course.declared.values()}
    others = {name: _function(named[name], ask) for name in plot.others}
    try:
        data = plot.measure(_function(exercise, ask), **others)
        json.dumps(data)
    except (TypeError, ValueError, RuntimeError, LookupError, AttributeError) as error:
        names = " or ".join(f"`{name}`" for name in (exercise.name, *others))
        raise Unplottable(f"{names} returns something that cannot be drawn ({error}): run pytest first.") from None
    return data


def _function(exercise: Exercise, ask: Ask) -> Callable[..., Any]:
    """The function of an exercise, as one that is called here."""

    def function(*args: Any, **kwargs: Any) -> Any:
        given = {**dict(zip(exercise.parameters, args, strict=False)), **kwargs}
        positional = {name: given[name] for name, default in exercise.parameters.items() if default is ...}
        call = Call(positional, {name: given[name] for name in given if name not in positional})
        answer = ask(exercise.unit, exercise.name, [call])[0]
        if answer.raised is not None:
            raise Unplottable(_why_not(exercise, answer.raised))
        return answer.value

    return function


def _why_not(exercise: Exercise, raised: Raised) -> str:
    if raised.todo or raised.kind == "missing" or raised.text == f"No module named {exercise.unit!r}":
        return f"`{exercise.name}` is not started yet: there is nothing to draw."
    place = f" in line {raised.line}" if raised.line else ""
    return f"`{exercise.name}` raises {raised.kind}{place}: {raised.text}"


def expected(course: Course, exercise: Exercise) -> Data:
    """The numbers of the reference, as `backpass derive` wrote them down."""
    path = course.root / "exercises" / exercise.unit / EXPECTED
    data: Data = json.loads(path.read_text(encoding="utf-8"))[exercise.id]
    return data


def draw(plot: Plot, yours: Data, right: Data, path: Path) -> None:
    """Write the picture to `path`, in the format of its suffix."""
    from backpass.plotting.drawing import close, figure

    drawn, axes = figure()
    try:
        plot.draw(axes[0], yours, right)
        drawn.suptitle(f"{plot.exercise}: {plot.title}", fontsize=11)
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn.savefig(path, dpi=130)
    finally:
        close(drawn)


def both(axes: Any, x: list[float], yours: list[float], expected: list[float], *, marker: str = "") -> None:
    """Two curves over x: the expected one broad and pale, the student's thin and on top of it.

    A curve that is shorter or longer than x is drawn as far as it goes.
    """
    for y, style in ((expected, BROAD), (yours, THIN)):
        length = min(len(x), len(y))
        axes.plot(x[:length], y[:length], marker=marker, markersize=4, **style)
    axes.legend(frameon=False)


def rounded(value: Any) -> Any:
    """Numbers as they are kept: six digits are more than a picture shows."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value
