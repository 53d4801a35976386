"""How does the cost of `backpass grade` grow with the class?

    python benchmarks/growth.py [--sizes 10 100 1000] [--units losses] [--jobs N]

Each student hands in the solution of some units, with about half of the functions replaced by answers of
`tests/right_answers` and `tests/wrong_answers`: the same students for the same seed, all of them different. CPU seconds
are those of all processes; memory is that of the largest one. The line through the smallest and the largest class says
what a larger one costs.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SEED = 0
_LARGER = (10_000, 1_000_000)


@dataclass(frozen=True)
class Cost:
    """What grading a class took: seconds, and MiB of memory and of results."""

    size: int
    wall: float
    cpu: float
    memory: float
    results: float


def write_class(folder: Path, size: int, units: list[str]) -> None:
    """A folder for each student."""
    chance = random.Random(_SEED)
    for number in range(size):
        student = folder / f"student-{number:06}"
        student.mkdir(parents=True)
        for unit in units:
            text = (ROOT / "solutions" / f"{unit}.py").read_text(encoding="utf-8")
            for kind in ("right", "wrong"):
                for answers in sorted((ROOT / "tests" / f"{kind}_answers").glob(f"{unit}.*")):
                    if chance.random() < 0.3:
                        answer = chance.choice(sorted(answers.glob("*.py")))
                        text += "\n\n" + answer.read_text(encoding="utf-8")
            (student / f"{unit}.py").write_text(f"{text}\n\n# {number}\n", encoding="utf-8")


def cost(size: int, units: list[str], jobs: int) -> Cost:
    """Grade a class of `size` as an instructor does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", size, units)
        arguments = ["grade", str(folder / "class"), "--out", str(folder / "out"), "--jobs", str(jobs)]
        start = time.perf_counter()
        command = [sys.executable, "-m", "backpass", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        results = folder / "out" / "results.jsonl"
        if process.returncode or results.read_bytes().count(b"\n") != size:
            raise SystemExit(f"Grading {size} submissions ended with exit status {process.returncode}.")
        mib = results.stat().st_size / 2**20
        return Cost(size, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, mib)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="of the classes, growing")
    parser.add_argument("--units", nargs="+", default=["losses"], help="that each student hands in")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="grading processes")
    options = parser.parse_args()
    print(f"{'submissions':>11} {'wall s':>9} {'CPU s':>9} {'CPU s each':>11} {'peak MiB':>9} {'results MiB':>12}")
    costs = []
    for size in options.sizes:
        costs.append(one := cost(size, options.units, options.jobs))
        each = one.cpu / size
        line = f"{size:11} {one.wall:9.1f} {one.cpu:9.1f} {each:11.3f} {one.memory:9.0f} {one.results:12.2f}"
        print(line, flush=True)
    first, last = costs[0], costs[-1]
    if last.size == first.size:
        return
    slope = (last.cpu - first.cpu) / (last.size - first.size)
    fixed = first.cpu - slope * first.size
    print(f"\n{fixed:.1f} CPU s to begin with, then {slope:.3f} CPU s a submission")
    for size in _LARGER:
        hours, results = (fixed + slope * size) / 3600, last.results / last.size * size / 1024
        print(f"{size:9} by this line: {hours:.1f} CPU hours, {results:.1f} GiB of results")


if __name__ == "__main__":
    main()
