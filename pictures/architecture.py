"""Draw how the rooms of `backpass/` use each other, from their imports: `docs/architecture.svg`.

Run from the repo: `python -m pictures.architecture` (it needs import-linter, which is among the `test` extras). The
order of the floors is the contract in `pyproject.toml`; arrows and lines are counted in the code.
"""

import ast
import tomllib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import grimp
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from pictures.drawing import BLUE, GREY, ORANGE, save_as

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "backpass"
# The way of an answer, from what arrived to what is read.
FLOW = ("student", "worker", "judging", "explaining", "classroom")
WIDTH, HEIGHT, PITCH = 2.9, 0.62, 1.12


def floors() -> list[list[str]]:
    """The rooms, from the doors down to the ground, as the contract orders them."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(each["layers"] for each in linter["contracts"] if each["type"] == "layers")
    return [layer.split(" | ") for layer in layers]


def imports() -> dict[str, Counter[str]]:
    """How many imports of each room are of each other room."""
    graph = grimp.build_graph(PACKAGE)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for module in sorted(graph.modules):
        for other in graph.find_modules_directly_imported_by(module):
            ours, theirs = _room(module), _room(other)
            if ours and theirs and ours != theirs:
                found[ours][theirs] += 1
    return dict(found)


def description() -> str:
    """All that the picture's arrows are drawn from, in words: kept in the file, to see whether it still fits."""
    uses = imports()
    rooms = [room for row in floors() for room in row if room in uses]
    return "; ".join(f"{room} uses {', '.join(sorted(uses[room]))}" for room in rooms)


def purpose(room: str) -> str:
    """The first sentence of a room's docstring, in short: what is before the colon."""
    path = ROOT / PACKAGE / room / "__init__.py"
    source = (path if path.is_file() else ROOT / PACKAGE / f"{room}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n")[0].split(":")[0].split(",")[0].rstrip(".")


def lines(room: str) -> int:
    """Lines of Python in a room."""
    path = ROOT / PACKAGE / room
    files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def _room(module: str) -> str | None:
    _, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    return room if room and room != "__main__" else None


def draw() -> None:
    """Floors from top to bottom, an arrow from each room to those it uses."""
    rows = floors()
    side = max(map(len, rows)) * (WIDTH + 0.9) / 2
    drawn, axes = plt.subplots(figsize=(2 * side, 8), layout="constrained")
    places = {}
    for row, rooms in enumerate(rows):
        for column, room in enumerate(rooms):
            x = 0.0 if len(rooms) == 1 else (column - (len(rooms) - 1) / 2) * (WIDTH + 0.9)
            places[room] = (x, -row * PITCH)
    uses = imports()
    for room in places:
        for other in direct(room, uses):
            _arrow(axes, places[room], places[other], GREY, 0.9)
    for room, following in pairwise(FLOW):
        _arrow(axes, places[room], places[following], ORANGE, 2.6)
    for room, (x, y) in places.items():
        colour = BLUE if room in FLOW else GREY
        box = FancyBboxPatch(
            (x - WIDTH / 2, y - HEIGHT / 2), WIDTH, HEIGHT, boxstyle="round,pad=0.03", fc="white", ec=colour, lw=1.6
        )
        box.set_zorder(3)
        axes.add_patch(box)
        axes.text(x, y + 0.12, f"{room}  ({lines(room):,} lines)", ha="center", va="center", weight="bold", zorder=4)
        axes.text(x, y - 0.15, purpose(room), ha="center", va="center", fontsize=7.5, color="#333333", zorder=4)
    axes.set_xlim(-side, side)
    axes.set_ylim(-(len(rows) - 1) * PITCH - 0.4, 0.4)
    axes.axis("off")
    save_as(ROOT / "docs" / "architecture.svg", drawn, description())


def direct(room: str, uses: dict[str, Counter[str]]) -> list[str]:
    """The rooms that `room` uses, without those that it reaches over another one anyway."""

    mine = uses.get(room, Counter())

    def reached(start: str) -> set[str]:
        return {start}.union(*map(reached, uses.get(start, ())))

    return [other for other in mine if not any(other in reached(each) for each in mine if each != other)]


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> None:
    """From the edge of one box to the edge of another; a flow runs beside the arrow of the imports."""
    down = -1 if start[1] > end[1] else 1
    shift = 0.35 if down > 0 else -0.35
    straight = abs(start[1] - end[1]) < 1.5 * PITCH
    axes.add_patch(
        FancyArrowPatch(
            (start[0] + shift, start[1] + down * (HEIGHT / 2 + 0.03)),
            (end[0] + shift, end[1] - down * (HEIGHT / 2 + 0.03)),
            connectionstyle="arc3,rad=" + ("0" if straight else "0.12"),
            arrowstyle="-|>",
            mutation_scale=6 + 3 * width,
            lw=width,
            color=colour,
        )
    )


if __name__ == "__main__":
    draw()
