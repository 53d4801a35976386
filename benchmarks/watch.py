"""From a save to its verdict: `backpass watch` beside a fresh pytest process, in one run.

    python benchmarks/watch.py [--saves 20]

Saves the first five exercises in turn, wrong and right, in a copy of the course, and waits for the verdict in
`progress.toml`; then does the same with `pytest exercises/<unit> -k <exercise>` for each save, each behind an
`import torch` by itself: what is above that is the kit's and pytest's own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cost import ROOT, Cost, cost

EXERCISES = ("linear", "collapse_linear", "residual_block", "mlp_forward", "least_squares")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def verdict_of(folder: Path, exercise: str) -> str | None:
    """What the progress file says of an exercise; nothing while there is none."""
    try:
        lines = (folder / "progress.toml").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return next((line for line in lines if line.startswith(f'"neurons.{exercise}"')), None)


def versions(stub: str, solved: str, exercise: str) -> tuple[str, str]:
    """The starter file with one function wrong, and with all of them right."""
    head, definition, rest = solved.partition(f"def {exercise}(")
    body, behind, tail = rest.partition("\n\n\n")
    wrong = head + definition + body.rpartition("return ")[0] + "return 0" + behind + tail
    return wrong, solved


def watched(folder: Path, saves: int) -> list[float]:
    """Seconds from each save to its verdict, with `backpass watch` running."""
    file = folder / "starter" / "neurons.py"
    stub, solved = file.read_text(), (ROOT / "solutions" / "neurons.py").read_text()
    command = [sys.executable, "-m", "backpass", "watch"]
    process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    times = []
    try:
        assert process.stdout is not None
        while b"every save is judged" not in process.stdout.readline():
            pass
        time.sleep(1)
        file.write_text(solved)
        time.sleep(2)
        for number in range(saves):
            exercise = EXERCISES[number // 2 % len(EXERCISES)]
            before = verdict_of(folder, exercise)
            file.write_text(versions(stub, solved, exercise)[number % 2])
            start = time.monotonic()
            while verdict_of(folder, exercise) == before:
                time.sleep(0.002)
                if time.monotonic() - start > 20:
                    raise SystemExit(f"no verdict on {exercise} after 20 s")
            times.append(time.monotonic() - start)
            time.sleep(0.3)
    finally:
        process.kill()
        process.wait()
    return times


def fresh(folder: Path, saves: int) -> list[tuple[Cost, Cost]]:
    """What one pytest process for each save costs, and `import torch` before each."""
    costs = []
    file = folder / "starter" / "neurons.py"
    stub, solved = (ROOT / name / "neurons.py" for name in ("starter", "solutions"))
    for number in range(saves):
        exercise = EXERCISES[number // 2 % len(EXERCISES)]
        file.write_text(versions(stub.read_text(), solved.read_text(), exercise)[number % 2])
        torch = cost([sys.executable, "-c", "import torch"])
        command = [sys.executable, "-m", "pytest", "-q", "exercises/neurons", "-k", f"test_{exercise}_"]
        costs.append((torch, cost(command, folder)))
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=20)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("exercises", "starter"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("course.toml", "pyproject.toml"):
            shutil.copy(ROOT / part, folder)
        with_watch = statistics.median(watched(folder, saves))
        costs = fresh(folder, min(saves, 20))
    with_pytest = statistics.median(spent.wall for _, spent in costs)
    print(f"backpass watch   {with_watch:.3f} s from save to verdict (median of {saves})")
    print(f"pytest -k        {with_pytest:.3f} s a fresh process (median of {len(costs)})")
    print(f"ratio            {with_pytest / with_watch:.1f}")
    torch = statistics.median(spent.cpu for spent, _ in costs)
    print(f"import torch     {torch:.2f} CPU s")
    for kind, of in (("wrong", costs[::2]), ("right", costs[1::2])):
        if of:
            more = statistics.median(spent.cpu - before.cpu for before, spent in of)
            print(f"pytest -k        {more:+.2f} CPU s beside it, {kind}")


if __name__ == "__main__":
    main()
