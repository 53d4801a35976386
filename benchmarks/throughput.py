"""How much cheaper is `backpass grade` than one fresh pytest process a submission, on the same checks?

    python benchmarks/throughput.py [--copies N]

Grades N copies of each example submission both ways, in one run, and prints CPU seconds and the ratio. The
class is graded in one go; of the pytest processes as many are timed as there are examples.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def cpu_seconds(*command: str) -> float:
    """CPU seconds, user and system, of a command and everything that it starts."""
    before = os.times()
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=20, help="copies of each example in the class")
    copies = parser.parse_args().copies
    examples = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as folder:
        for example in examples:
            for number in range(copies):
                shutil.copytree(example, Path(folder) / "class" / f"{example.name}-{number}")
        size = copies * len(examples)
        together = cpu_seconds("backpass", "grade", f"{folder}/class", "--out", f"{folder}/results") / size
    alone = [cpu_seconds("pytest", "graders", "--submission", str(example)) for example in examples]
    one_process = sum(alone) / len(alone)
    print(f"backpass grade, {size} submissions   {together:8.3f} CPU s a submission")
    print(f"one pytest process a submission  {one_process:8.3f} CPU s a submission")
    print(f"ratio                            {one_process / together:8.1f}")


if __name__ == "__main__":
    main()
