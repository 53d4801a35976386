"""How does the cost of `backpass grade` grow with the class?

    python benchmarks/growth.py [--sizes 10 100 1000] [--jobs N] [--unforeseen]

Each class is the beginning of the largest one (see generated_class.py); with `--unforeseen` everything in it is wrong,
and each in a way of its own. CPU seconds are those of all processes; memory
is that of the largest one. The line through the smallest and the largest class says what a larger one costs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from cost import Cost, cost
from generated_class import UNIT, Student, generated_class, unforeseen

_SEED = 0
_LARGER = (10_000, 1_000_000)


def graded(students: list[Student], jobs: int) -> tuple[Cost, float]:
    """What it takes to grade a class as an instructor does, and the MiB of its results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for student in students:
            student.hand_in(folder / "class")
        grade = [sys.executable, "-m", "backpass", "grade"]
        spent = cost([*grade, folder / "class", "--out", folder / "out", "--jobs", str(jobs)])
        results = folder / "out" / "results.jsonl"
        if not results.is_file() or results.read_bytes().count(b"\n") != len(students):
            raise SystemExit(f"Not all of {len(students)} submissions were graded. It says:\n{spent.output}")
        return spent, results.stat().st_size / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="of the classes, growing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="grading processes")
    parser.add_argument("--unforeseen", action="store_true", help="a class in which nothing is right or foreseen")
    options = parser.parse_args()
    students = generated_class(max(options.sizes), _SEED)
    if options.unforeseen:
        students = [replace(each, source=unforeseen(UNIT, number)) for number, each in enumerate(students)]
    print(f"{'submissions':>11} {'wall s':>9} {'CPU s':>9} {'CPU s each':>11} {'peak MiB':>9} {'results MiB':>12}")
    costs = []
    for size in options.sizes:
        one, results = graded(students[:size], options.jobs)
        costs.append(one)
        each = one.cpu / size
        line = f"{size:11} {one.wall:9.1f} {one.cpu:9.1f} {each:11.3f} {one.memory:9.0f} {results:12.2f}"
        print(line, flush=True)
    least, most = options.sizes[0], options.sizes[-1]
    if most == least:
        return
    slope = (costs[-1].cpu - costs[0].cpu) / (most - least)
    fixed = costs[0].cpu - slope * least
    print(f"\n{fixed:.1f} CPU s to begin with, then {slope:.3f} CPU s a submission")
    for size in _LARGER:
        gib = results / most * size / 1024
        print(f"{size:9} by this line: {(fixed + slope * size) / 3600:.1f} CPU hours, {gib:.1f} GiB of results")


if __name__ == "__main__":
    main()
