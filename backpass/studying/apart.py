"""Where verdicts are made: in a fork that may be lost, or here where nothing forks. Either can be ended at once.

What the student's code answers is of a size and form that it chose: it is decoded and compared in the fork, and the
process with the screen reads bounded lines only.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, suppress
from typing import Any, Protocol

from backpass.classroom.judges import BACKSTOP, SHARE
from backpass.course.manifest import Limits
from backpass.judging.disposable import Aborted, Disposable, Lost, Tell
from backpass.worker.client import Zygote
from backpass.worker.own import OwnProcesses

Work = Callable[[Any, Tell], None]  # on processes that a `Worker` can be started from
Lines = Generator[list[Any], None, None]


class Place(Protocol):
    """Where a verdict is made; a context."""

    def __exit__(self, *_: object) -> None: ...

    def told(self, work: Work) -> Lines:
        """The lines that `work` tells; Lost where it does not come to its end, Aborted where that was asked for.

        To be closed by whoever does not hear it to the end.
        """

    def abort(self) -> None:
        """From another thread: nobody waits for what is being told. `resume` when that has ended."""

    def resume(self) -> None:
        """Be ready for the next."""

    def wind_the_clock(self) -> None:
        """In `work`: count the seconds that it may take anew."""


def place(limits: Limits, *, fresh: bool) -> Place:
    """Forks of this process, and confined workers; `fresh`: this process, and fresh ones that are not confined."""
    return Here(limits) if fresh else Apart(limits)


class Apart:
    """In a fork of this process, which asks workers that are forked from a zygote of their own."""

    def __init__(self, limits: Limits) -> None:
        self._zygote = Zygote(limits).__enter__()
        self._asked: Zygote | None = None
        self._fork = Disposable(SHARE * limits.seconds_a_request, BACKSTOP * limits.seconds_a_submission)
        self.abort, self.resume = self._fork.abort, self._fork.resume
        self.wind_the_clock = self._fork.wind_the_clock

    def __exit__(self, *_: object) -> None:
        self._drop()
        self._zygote.__exit__()

    def told(self, work: Work) -> Lines:
        asked = self._asked = self._asked or self._zygote.split()
        try:
            with closing(self._fork.lines(lambda tell: work(asked, tell))) as lines:
                yield from lines
        except ValueError as why:
            self._drop()
            raise Lost(str(why)) from None
        except BaseException:
            self._drop()  # of one that was asked by a fork that is lost, nobody knows what it was asked
            raise

    def _drop(self) -> None:
        if self._asked is not None:
            self._asked.close()  # with which its workers end
            self._asked = None


class Here:
    """In this process, which asks fresh ones."""

    def __init__(self, limits: Limits) -> None:
        self._resources = ExitStack()
        self._processes = _Abortable(self._resources.enter_context(OwnProcesses(limits, fresh=True, ahead=True)))
        self.abort, self.resume = self._processes.abort, self._processes.resume

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def told(self, work: Work) -> Lines:
        lines: list[list[Any]] = []
        work(self._processes, lambda *words: lines.append([*words]))
        self._processes.stop_if_aborted()
        yield from lines

    def wind_the_clock(self) -> None:
        """Nothing ends what is judged here but its requests' deadlines."""


class _Abortable:
    """What workers are started from, with an end to all of them that another thread can ask for."""

    def __init__(self, processes: OwnProcesses) -> None:
        self._processes = processes
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self.limits = processes.limits
        self.killed = 0

    def resume(self) -> None:
        self._sockets.clear()
        self._aborted = False

    def abort(self) -> None:
        self._aborted = True
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # whoever waits for an answer sees the end, and kills the worker

    def stop_if_aborted(self) -> None:
        if self._aborted:
            raise Aborted

    def fork(self, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        self.stop_if_aborted()
        started = self._processes.fork(wanted)
        self._sockets.append(started[0])
        return started

    def reap(self, pid: int) -> int:
        return self._processes.reap(pid)
