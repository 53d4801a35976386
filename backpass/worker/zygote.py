"""The process that workers are forked from: torch is imported once, and nothing of the course is in it.

It starts before any submission is known, so a fork of it is a fresh, warm interpreter in 10 ms. Over its
control socket it takes one order at a time: fork a worker that speaks on the socket passed along, or
collect a worker's exit status. When the grader goes away, every worker and the zygote end.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path

FORK = b"F"
REAP = b"R"
ORDER = struct.Struct(">ci")
REPLY = struct.Struct(">ii")

MEMORY_ABOVE_FORK = 1 << 30  # bytes of address space that a submission may add to the warm process


def main(control_fd: int, import_path: str, memory_limit: bool) -> None:
    """Warm up, then take orders on the socket `control_fd` until it closes."""
    control = socket.socket(fileno=control_fd)
    _warm_up()
    _forget_the_course(import_path)
    control.sendall(REPLY.pack(os.getpid(), 0))
    children: set[int] = set()
    while True:
        try:
            order, fds, _, _ = socket.recv_fds(control, ORDER.size, 1)
        except OSError:
            order = b""
        if len(order) < ORDER.size:
            break
        command, pid = ORDER.unpack(order)
        if command == FORK:
            pid = os.fork()
            if pid == 0:
                control.close()
                _worker(fds[0], memory_limit)
            os.close(fds[0])
            children.add(pid)
            _reply_with_pidfd(control, pid)
        elif command == REAP and pid in children:
            children.discard(pid)
            _, status, _ = os.wait4(pid, 0)
            control.sendall(REPLY.pack(pid, status))
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _reply_with_pidfd(control: socket.socket, pid: int) -> None:
    if hasattr(os, "pidfd_open"):
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [REPLY.pack(pid, 0)], [pidfd])
        os.close(pidfd)
    else:
        control.sendall(REPLY.pack(pid, 0))


def _warm_up() -> None:
    """Import and run once what every submission needs, with a single thread: a fork must not lose one."""
    import torch

    import backpass.worker.student_side  # noqa: F401

    torch.set_num_threads(1)
    x = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    torch.logsumexp(x @ x, -1).sum().backward()  # type: ignore[no-untyped-call]
    torch.randn(2, generator=torch.Generator().manual_seed(0))
    torch.linalg.vector_norm(torch.ones(2))


def _forget_the_course(import_path: str) -> None:
    """Take the course's folder off the import path: only its worker modules stay, in memory."""
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != os.path.realpath(import_path)]
    # An editable install adds a finder of its own for the project.
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__ + repr(finder)]
    for package in ("backpass", "backpass.worker"):
        sys.modules[package].__path__ = []  # what is not loaded yet cannot be found any more
    sys.path_importer_cache.clear()


def _worker(fd: int, memory_limit: bool) -> None:
    from backpass.worker.student_side import serve

    status = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if memory_limit and sys.platform == "linux":
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            size = pages * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY_ABOVE_FORK,) * 2)
        serve(socket.socket(fileno=fd))
        status = 0
    finally:
        os._exit(status)
