"""Processes for one's own code: not confined, but they can be killed, and what runs there cannot hang this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import warnings
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from backpass.course.manifest import Limits

_START_SECONDS = 120.0


class OwnProcesses:
    """What a `Worker` starts its processes from, like a `Zygote`; a context.

    Where that is safe, they are forked from this process, which has torch; else each is a fresh one, and imports it.
    `fresh` asks for that. `ahead`: the next fresh one starts when one has ended, before it is asked for.
    """

    def __init__(self, limits: Limits, *, fresh: bool | None = None, ahead: bool = False) -> None:
        self.limits = limits
        self.killed = 0
        if fresh is None:
            fresh = sys.platform != "linux" or not hasattr(os, "fork") or threading.active_count() > 1
        self._context: BaseContext = multiprocessing.get_context("spawn" if fresh else "fork")
        self._ahead = ahead and fresh
        self._next: tuple[Any, socket.socket] | None = None
        self._processes: dict[int, BaseProcess] = {}

    def __enter__(self) -> OwnProcesses:
        if self._ahead:
            self._next = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._next is not None:
            self._next[0].kill()
            self._next[1].close()
            self._next = None
        self._ahead = False

    def fork(self, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        """A new process: the socket that it serves, its pid, and its pidfd where the system has them; see `Zygote`."""
        (process, sock), self._next = self._next or self._start(), None
        sock.settimeout(_START_SECONDS)
        sock.recv(1)  # it has loaded torch: the clock of the code that runs there starts now
        self._processes[process.pid] = process
        return sock, process.pid, os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None

    def reap(self, pid: int) -> int:
        """End a process; its wait status."""
        process = self._processes.pop(pid)
        process.kill()
        process.join()
        if self._ahead and self._next is None:
            self._next = self._start()
        code = process.exitcode or 0
        return -code if code < 0 else code << 8

    def _start(self) -> tuple[Any, socket.socket]:
        mine, theirs = socket.socketpair()
        process = self._context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of threads: torch's are asleep
            process.start()
        theirs.close()
        return process, mine


def _serve(sock: socket.socket) -> None:
    """What such a process does: it answers until the other end is closed, or the process that started it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever waits for the answer
    if hasattr(os, "setsid"):
        os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 (until the process ends)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    from backpass.worker import lean
    from backpass.worker.student_side import serve

    lean.put_in_place()
    sock.sendall(b"!")
    serve(sock)


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
