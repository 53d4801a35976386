"""The picture of a sweep: accuracy against a setting, with the spread over seeds, and the curves behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from backpass.plotting.drawing import BLUE, GREEN, GREY, ORANGE, close, figure
from backpass.tuning.sweep import Row, lines, shown

_COLOURS = (BLUE, ORANGE, GREEN, GREY, "#7b4ea3", "#a3324e")
_CURVES = 6  # that are told apart
_WIDE = 10  # a range with a larger ratio is drawn on a logarithmic scale


def draw(rows: Sequence[Row], varied: Sequence[str], path: Path) -> None:
    """Accuracy against the first setting of `varied` with numbers, a bar from worst seed to best, and curves."""
    numbers = [name for name in varied if isinstance(getattr(rows[0].config, name), int | float)]
    along = numbers[0] if numbers else "max_lr"
    drawn, (axes, curves) = figure(columns=2, width=10.5)
    for number, (label, group) in enumerate(lines(rows, along, [name for name in varied if name != along])):
        colour = _COLOURS[number % len(_COLOURS)]
        at = [getattr(row.config, along) for row in group]
        mean = [100 * row.mean for row in group]
        # The mean of equal numbers may be beyond them in its last digit.
        below = [max(0.0, 100 * (row.mean - min(row.accuracies))) for row in group]
        above = [max(0.0, 100 * (max(row.accuracies) - row.mean)) for row in group]
        axes.errorbar(at, mean, yerr=(below, above), color=colour, marker="o", markersize=4, capsize=3, label=label)
    smallest, largest = (each(getattr(row.config, along) for row in rows) for each in (min, max))
    if smallest > 0 and largest > _WIDE * smallest:
        axes.set_xscale("log")
    axes.set_xlabel(along)
    axes.set_ylabel("validation accuracy, %")
    axes.set_title("Mean over seeds; bars from the worst seed to the best")
    if any(name != along for name in varied):
        axes.legend(frameon=False)
    _draw_curves(curves, sorted(rows, key=lambda row: getattr(row.config, along)), varied or [along])
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path, dpi=150)
    close(drawn)


def _draw_curves(axes: Axes, rows: Sequence[Row], varied: Sequence[str]) -> None:
    """The training loss by epoch of some of `rows`, from the first to the last, the best among them."""
    best = max(rows, key=lambda row: row.mean)
    spread = {round(place * (len(rows) - 1) / (_CURVES - 1)) for place in range(_CURVES)}
    chosen = [row for place, row in enumerate(rows) if place in spread or row is best]
    for place, row in enumerate(chosen):
        colour = colormaps["viridis"](place / len(chosen))
        epochs = range(1, len(row.curve) + 1)
        label = ", ".join(f"{name} {shown(getattr(row.config, name))}" for name in varied)
        label += ", the best" if row is best else ""
        axes.plot(epochs, row.curve, color=colour, linewidth=3 if row is best else 1.3, label=label)
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch")
    axes.set_ylabel("training loss")
    axes.set_title("Curves, means over seeds")
    axes.legend(frameon=False, fontsize=9)
