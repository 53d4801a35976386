"""What the pictures of the lessons share: one look, and an SVG that is the same whenever it is drawn."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
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


def save(drawn: Figure, unit: str, name: str) -> None:
    """Write the picture into the unit's lesson, without the date, so that drawing again changes nothing."""
    path = EXERCISES / unit / f"{name}.svg"
    drawn.savefig(path, metadata={"Date": None, "Creator": None})
    # matplotlib ends some lines with blanks.
    path.write_text("\n".join(line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()) + "\n")
    print(f"wrote {path.relative_to(EXERCISES.parent)}")
