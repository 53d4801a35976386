"""A fork of this process that may be lost: with memory and time of its own, heard line by line, and thrown away.

What a submission answers is of a size and form that it chose. It is decoded, compared, differentiated and explained in
such a fork, and nowhere else: the process behind it reads lines of JSON, of bounded length, and nothing of it remains.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, NoReturn

from backpass.course.language import tr
from backpass.worker.confinement import WarmSize, end_with_parent

with contextlib.suppress(ImportError):  # Windows, where nothing forks
    import resource

_MEMORY = 2 << 30  # bytes that a fork may add to what it begins with
_LONGEST_LINE = 1 << 16
_SECONDS_TO_EXIT = 0.5
_END = "end"

Tell = Callable[..., None]


class Lost(Exception):
    """A fork ended before it was done; the text says why."""


class Aborted(BaseException):
    """Nobody waits any more for what was asked."""


class Disposable:
    """Forks this process, for one piece of work at a time.

    `seconds`: of CPU time that the work may take from one `wind_the_clock` to the next. `backstop`: of wall time
    between two lines.
    """

    def __init__(self, seconds: float, backstop: float) -> None:
        self._seconds = seconds
        self._backstop = backstop
        self._warm_size = WarmSize()
        self._pid: int | None = None
        self._is_aborted = False

    def lines(self, work: Callable[[Tell], None]) -> Generator[list[Any], None, None]:
        """What `work`, called with what tells a line of it, tells in a fork; Lost where it does not come to its end.

        To be closed by whoever does not hear it to the end. Aborted where another thread has asked for that.
        """
        gc.freeze()  # a collection in the fork must not touch, and so copy, what is here
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            self._be(theirs, work)
        os.close(theirs)
        self._pid, is_done = pid, False
        if self._is_aborted:
            self._kill()
        try:
            for line in self._heard(ours):
                if line == [_END]:
                    is_done = True
                else:
                    yield line
        finally:
            os.close(ours)
            self._pid = None
            status = _reaped(pid, 0 if is_done else _SECONDS_TO_EXIT)
        if self._is_aborted:
            raise Aborted
        if not is_done:
            raise Lost(self._how(status))

    def value(self, work: Callable[[], Any]) -> Any:
        """What `work` returns, which JSON can say in one line; Lost where it does not come to its end."""
        with contextlib.closing(self.lines(lambda tell: tell(work()))) as lines:
            ((value,),) = lines
            return value

    def abort(self) -> None:
        """From another thread: end the fork, and whatever is asked for until `resume`."""
        self._is_aborted = True
        self._kill()

    def resume(self) -> None:
        """Be ready for the next piece of work."""
        self._is_aborted = False

    def wind_the_clock(self) -> None:
        """In the fork: count its seconds anew."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + self._seconds) + 1, most))

    def _kill(self) -> None:
        pid = self._pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _heard(self, pipe: int) -> Iterator[list[Any]]:
        ready, rest = select.poll(), b""
        ready.register(pipe, select.POLLIN)
        while ready.poll(1000 * self._backstop):
            content = os.read(pipe, _LONGEST_LINE)
            if not content:
                return
            *lines, rest = (rest + content).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise ValueError("a line is too long")
            yield from map(json.loads, lines)

    def _how(self, status: int) -> str:
        """Why a fork has ended, in words for the student."""
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return tr("judging them took more than {seconds:g} s", seconds=self._seconds)
        what = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        return tr("the process that judges them ended ({status})", status=what)

    def _be(self, pipe: int, work: Callable[[Tell], None]) -> NoReturn:
        status = 1
        try:
            end_with_parent()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            size = self._warm_size.read()
            if size:
                resource.setrlimit(resource.RLIMIT_AS, (size + _MEMORY, size + _MEMORY))
            self.wind_the_clock()

            def tell(*words: object) -> None:
                line = json.dumps(words, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
                while line:
                    line = line[os.write(pipe, line) :]

            work(tell)
            tell(_END)
            status = 0
        finally:
            os._exit(status)


def _reaped(pid: int, patience: float) -> int:
    """The wait status of a fork, which has so many seconds to end by itself, so that it can be said how."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
