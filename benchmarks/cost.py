"""What commands cost: wall time, CPU time of all their processes, memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ | {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # nbgrader calls alembic
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "ignore",
    "OMP_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Cost:
    """What commands took: seconds, MiB of the largest process, and what they wrote, to be shown where they fail."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    output: str = ""

    def __add__(self, other: Cost) -> Cost:
        memory = max(self.memory, other.memory)
        return Cost(self.wall + other.wall, self.cpu + other.cpu, memory, self.output + other.output)


def cost_of_all(commands: Sequence[Sequence[str | Path]], jobs: int, deadline: float | None = None) -> Cost:
    """Run `commands`, `jobs` at a time, as a shell's `xargs -P` does; see `cost`."""
    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as threads:
        total = sum(threads.map(lambda command: cost(command, deadline=deadline), commands), Cost())
    return replace(total, wall=time.perf_counter() - start)


def cost(command: Sequence[str | Path], folder: Path = ROOT, deadline: float | None = None) -> Cost:
    """Run `command` in `folder`; after `deadline` seconds it gets SIGTERM.

    CPU time is that of the process and of all below it that have been waited for, as kernels of Jupyter are.
    """
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT)
        timer = threading.Timer(deadline or 0, os.kill, (process.pid, signal.SIGTERM))
        if deadline is not None:
            timer.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output.read())
