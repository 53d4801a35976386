"""Where the pictures of the lessons go: an SVG that is the same whenever it is drawn."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from backpass.plotting.drawing import BLUE, GREEN, GREY, ORANGE, figure

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "figure", "save", "save_as"]

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"


def save(drawn: Figure, unit: str, name: str) -> None:
    """Write the picture into the unit's lesson."""
    save_as(EXERCISES / unit / f"{name}.svg", drawn)


def save_as(path: Path, drawn: Figure, description: str | None = None) -> None:
    """Write an SVG without the date, so that drawing again changes nothing. `description`: kept in its metadata."""
    drawn.savefig(path, metadata={"Date": None, "Creator": None, "Description": description})
    # matplotlib ends some lines with blanks.
    path.write_text("\n".join(line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()) + "\n")
    print(f"wrote {path.relative_to(EXERCISES.parent)}")
