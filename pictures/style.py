"""What the pictures of the lessons share: colours, and a file that is the same on every run."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update(
    {
        "svg.hashsalt": "backpass",  # names inside the file do not change from run to run
        "font.family": "DejaVu Sans",  # comes with matplotlib
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.facecolor": "white",
    }
)

ROOT = Path(__file__).resolve().parent.parent
BLUE, RED, GREY = "#1f5fa8", "#b8402a", "#6b6b6b"


def save(figure, path):
    """Write `figure` to `path`, relative to the repository, without the date."""
    figure.savefig(ROOT / path, metadata={"Date": None})
