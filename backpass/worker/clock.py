"""The student's clock: what a worker has computed or slept through, and neither its grader's work nor its neighbours'.

Marks are not to depend on how busy a machine is. Linux tells of each process how long it was ready and waited for a
core (proc(5), `schedstat`); elsewhere, or where that is out of sight, the clock is the wall's.
"""

from __future__ import annotations

import os
import time

_BACKSTOP = 30  # times the limit of wall time, whatever the kernel says of the waiting


class Clock:
    """Counts for one worker, while it is a context; `pidfd` tells which process, or None.

    `limit` are the seconds that it may count from the last `start` on.
    """

    def __init__(self, pidfd: int | None) -> None:
        self._file = _schedstat(pidfd)
        self.start(0.0)

    def start(self, limit: float) -> None:
        """Begin anew."""
        self.limit = limit
        self._wall = self._waited = 0.0
        self._since: tuple[float, float] | None = None

    def __enter__(self) -> Clock:
        self._since = time.monotonic(), self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._wall, self._waited = self._now()
        self._since = None

    @property
    def seconds(self) -> float:
        """What was counted since the start."""
        wall, waited = self._now()
        return min(wall, max(wall - waited, wall / _BACKSTOP))

    def left(self) -> float:
        """What the worker may still take."""
        return self.limit - self.seconds

    def close(self) -> None:
        """Let go of the worker."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _now(self) -> tuple[float, float]:
        if self._since is None:
            return self._wall, self._waited
        wall, waited = self._since
        return self._wall + time.monotonic() - wall, self._waited + self._wait() - waited

    def _wait(self) -> float:
        """Seconds that the worker has been ready to run, and did not."""
        if self._file is None:
            return 0.0
        try:
            return int(os.pread(self._file, 100, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):  # it has ended
            return 0.0 if self._since is None else self._since[1]


def number_of(pidfd: int) -> int | None:
    """The number of a process here, which may have another one in a namespace of its own; None where it is not told."""
    try:
        with open(f"/proc/self/fdinfo/{pidfd}", encoding="utf-8") as info:  # noqa: PTH123
            return next(int(line.split()[1]) for line in info if line.startswith("Pid:"))
    except (OSError, StopIteration, ValueError):
        return None


def _schedstat(pidfd: int | None) -> int | None:
    """An open file that goes on telling of the process."""
    number = None if pidfd is None else number_of(pidfd)
    try:
        return number and os.open(f"/proc/{number}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
