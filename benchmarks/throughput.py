"""How much cheaper is `backpass grade` than one fresh pytest process a submission, on the same checks?

    python benchmarks/throughput.py [--submissions N] [--jobs N]

Grades a class made of copies of the example submissions both ways, in one run. CPU seconds are those of all
processes; of the pytest processes as many are timed as there are examples. The stages are shares of wall
time in a run with one grading process.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


@dataclass
class Cost:
    """What some submissions took. `memory`: MiB, of the largest process so far."""

    submissions: int
    wall: float
    cpu: float
    memory: float

    def line(self, name: str) -> str:
        each = self.cpu / self.submissions
        return f"{name:<40} {each:9.3f} {self.submissions / self.wall:12.2f} {self.memory:12.0f}"


def cost(submissions: int, *commands: list[str]) -> Cost:
    """What `commands` take together."""
    wall, before = time.perf_counter(), os.times()
    for command in commands:
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Cost(submissions, time.perf_counter() - wall, cpu, memory)


def stages(submissions: list[Path]) -> dict[str, float]:
    """Shares of the wall time that grading takes in one process, by stage."""
    from backpass.course import Course
    from backpass.diagnosis import Diagnosis
    from backpass.pool import Pool
    from backpass.worker.client import Worker, Zygote

    seconds: dict[str, float] = {}

    def timed(owner: Any, method: str, stage: str) -> None:
        original: Callable[..., Any] = getattr(owner, method)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start, inner = time.perf_counter(), sum(seconds.values())
            try:
                return original(*args, **kwargs)
            finally:
                spent = time.perf_counter() - start - (sum(seconds.values()) - inner)
                seconds[stage] = seconds.get(stage, 0) + spent

        setattr(owner, method, wrapper)

    timed(Zygote, "_order", "forking workers")
    timed(Zygote, "reap", "ending workers")
    timed(Worker, "call", "waiting for answers")
    timed(Diagnosis, "explain", "finding the mistake")
    with Pool(Course.load(ROOT), jobs=1) as pool:
        seconds.clear()
        start = time.perf_counter()
        for _ in pool.grade([(path, path.name) for path in submissions]):
            pass
        total = time.perf_counter() - start
    seconds["drawing cases, comparing, the rest"] = total - sum(seconds.values())
    return {stage: spent / total for stage, spent in sorted(seconds.items(), key=lambda item: -item[1])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=60, help="size of the class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="grading processes")
    options = parser.parse_args()
    size, jobs = options.submissions, str(options.jobs)
    examples = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(4 * size):
            original = examples[number % len(examples)]
            part = "class" if number < size else "rest"
            shutil.copytree(original, folder / part / f"{original.name}-{number}")
        results = ["--out", f"{folder}/results", "--jobs", jobs]
        one = cost(size, ["backpass", "grade", f"{folder}/class", *results])
        four = cost(4 * size, ["backpass", "grade", f"{folder}/class", f"{folder}/rest", *results])
        shares = stages(sorted((folder / "class").iterdir()))
    alone = cost(len(examples), *(["pytest", "graders", "--submission", str(example)] for example in examples))
    print(f"{'':<40} {'CPU s each':>9} {'submissions/s':>12} {'peak MiB':>12}")
    print(one.line(f"backpass grade --jobs {jobs}, {size} submissions"))
    print(four.line(f"backpass grade --jobs {jobs}, {4 * size} submissions"))
    print(alone.line("one pytest process a submission"))
    print(f"\nCPU ratio   {alone.cpu / alone.submissions / (four.cpu / four.submissions):6.1f}")
    print(f"wall ratio  {alone.wall / alone.submissions / (four.wall / four.submissions):6.1f}")
    print(f"peak memory of 4 times the class, against the class: {four.memory / one.memory:.2f}\n")
    for stage, share in shares.items():
        print(f"{share:6.0%}  {stage}")


if __name__ == "__main__":
    main()
