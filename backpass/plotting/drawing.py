"""One look for every picture: those of the lessons, and those that `backpass plot` draws of a student's result."""

from __future__ import annotations

import matplotlib

matplotlib.use("agg")  # to files only: no window, no display

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY = "#1f5fa8", "#c8541b", "#2b7a3d", "#6b6b6b"

plt.rcParams.update(
    {
        "svg.hashsalt": "backpass",
        "font.family": "DejaVu Sans",  # comes with matplotlib
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#dddddd",
        "figure.facecolor": "white",
    }
)


def figure(columns: int = 1, width: float = 7.5, height: float = 4.2) -> tuple[Figure, list[Axes]]:
    """A figure with its axes side by side."""
    drawn, axes = plt.subplots(1, columns, figsize=(width, height), layout="constrained", squeeze=False)
    return drawn, list(axes[0])


def close(drawn: Figure) -> None:
    """Forget a figure that is drawn and saved."""
    plt.close(drawn)
