"""The picture of a sweep: accuracy against a setting, with the spread over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backpass.plotting.drawing import BLUE, GREEN, GREY, ORANGE, close, figure
from backpass.tuning.sweep import Row, lines

_COLOURS = (BLUE, ORANGE, GREEN, GREY, "#7b4ea3", "#a3324e")
_WIDE = 10  # a range with a larger ratio is drawn on a logarithmic scale


def draw(rows: Sequence[Row], varied: Sequence[str], path: Path) -> None:
    """Mean accuracy, and a bar from the worst seed to the best, against the first setting of `varied` with numbers."""
    numbers = [name for name in varied if isinstance(getattr(rows[0].config, name), int | float)]
    along = numbers[0] if numbers else "max_lr"
    drawn, (axes,) = figure()
    for number, (label, group) in enumerate(lines(rows, along, [name for name in varied if name != along])):
        colour = _COLOURS[number % len(_COLOURS)]
        at = [getattr(row.config, along) for row in group]
        mean = [100 * row.mean for row in group]
        below = [100 * (row.mean - min(row.accuracies)) for row in group]
        above = [100 * (max(row.accuracies) - row.mean) for row in group]
        axes.errorbar(at, mean, yerr=(below, above), color=colour, marker="o", markersize=4, capsize=3, label=label)
    smallest, largest = (each(getattr(row.config, along) for row in rows) for each in (min, max))
    if smallest > 0 and largest > _WIDE * smallest:
        axes.set_xscale("log")
    axes.set_xlabel(along)
    axes.set_ylabel("validation accuracy, %")
    axes.set_title("Mean over seeds; bars from the worst seed to the best")
    if any(name != along for name in varied):
        axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path, dpi=150)
    close(drawn)
