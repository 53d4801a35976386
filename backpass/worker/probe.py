"""The self-test of the confinement: tries, inside a worker, what no submission may be able to do.

They are the primitives of the attacks in `tests/data/attacks`. Where one is not refused, its arguments see to it that
nothing comes of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import platform
import resource
import signal
import socket
import sys
from _thread import start_new_thread
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

_REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_OUT_OF_SIGHT = (errno.ENOENT, errno.ESRCH, errno.EROFS)
_OPEN_FILES = 64
_FIOSETOWN, _F_SETSIG, _F_SETOWN_EX, _PR_SET_PDEATHSIG, _PTRACE_SEIZE = 0x8901, 10, 15, 1, 0x4206
# Numbers of system calls, by architecture where they differ.
_CALLS = {"io_uring_setup": 425, "pidfd_open": 434, "pidfd_getfd": 438}
_CALLS |= {
    "x86_64": {"execveat": 322, "keyctl": 250, "bpf": 321, "userfaultfd": 323, "perf_event_open": 298},
    "aarch64": {"execveat": 281, "keyctl": 219, "bpf": 280, "userfaultfd": 282, "perf_event_open": 241},
}.get(platform.machine(), {})


def what_is_possible(targets: dict[str, Any]) -> list[str]:
    """What of the forbidden can be done here, in words; empty where the confinement holds.

    `targets`: `readable` (paths that must not be), `full` (a file that must not be emptied), `folder` (where nothing
    may be written) and `process` (one that must be out of reach).
    """
    found = [f"read {path}" for path in targets["readable"] if _works(partial(_read, path))]
    process = targets["process"]
    attempts: dict[str, Callable[[], object]] = {
        "create files": (Path(targets["folder"]) / "created").touch,
        "look through folders": lambda: os.listdir(targets["folder"]),  # noqa: PTH208 (as a submission would)
        "import the course": lambda: import_module("backpass"),
        "raise its limits": lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 1)),
        "open a network connection": partial(
            _any_works, [partial(_socket, socket.AF_INET, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
        ),
        "open a local socket": partial(_socket, socket.AF_UNIX, socket.SOCK_STREAM),
        "start a process": _fork,
        "start a thread": lambda: start_new_thread(int, ()),
        "send signals to other processes": lambda: os.kill(process, 0),
    }
    if sys.platform == "linux":
        attempts |= {
            "empty files": lambda: os.truncate(targets["full"], 0),
            "change the modes of files": lambda: os.chmod(targets["full"], 0o600),  # noqa: PTH101 (by its path)
            "read the memory of other processes": partial(
                _any_works,
                [
                    *(partial(_read, f"/proc/{process}/{file}") for file in ("maps", "environ", "mem", "cmdline")),
                    partial(_called, "process_vm_readv", process, None, 0, None, 0, 0),
                ],
            ),
            "use files that were opened before": _opened_before,
            "run another program": partial(_by_number, "execveat", -1, b"x", None, None, 0),
            "limit other processes": lambda: resource.prlimit(process, resource.RLIMIT_CORE),
            "have signals sent by the kernel": partial(_any_works, _signals_by_the_kernel(process)),
            "outlive the process that started it": lambda: _called("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL),
            "share memory with other processes": partial(
                _any_works, [partial(_called, "shmget", 1, 1, 0), partial(_called, "msgget", 1, 0)]
            ),
            "make files in memory": lambda: os.close(os.memfd_create("probe")),
            "trace other processes": lambda: _called("ptrace", _PTRACE_SEIZE, os.getpid(), 1, None),
            "enter other namespaces": partial(
                _any_works, [partial(_called, "unshare", 0), partial(_called, "setns", -1, 0)]
            ),
            "change priorities": lambda: os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, 0)),
            "call the kernel in ways that no filter sees": partial(
                _any_works, [partial(_by_number, "io_uring_setup", 0, None), partial(_by_number, "bpf", -1, None, 0)]
            ),
            "hold on to other processes": partial(
                _any_works, [partial(_by_number, name, -1, 0, 0) for name in ("pidfd_open", "pidfd_getfd")]
            ),
            "get at the kernel's keys, counters or page faults": partial(
                _any_works,
                [
                    partial(_by_number, "keyctl", 9999),
                    partial(_by_number, "perf_event_open", None, 0, -1, -1, 0),
                    partial(_by_number, "userfaultfd", -1),
                ],
            ),
        }
    return found + [words for words, attempt in attempts.items() if _works(attempt)]


def _signals_by_the_kernel(process: int) -> list[Callable[[], object]]:
    """Ways to tell the kernel whom to send a signal when there is something to read."""
    owner = ctypes.string_at(ctypes.addressof((ctypes.c_int * 2)(1, process)), 8)
    return [
        lambda: fcntl.fcntl(0, fcntl.F_SETOWN, process),
        lambda: fcntl.fcntl(0, _F_SETOWN_EX, owner),
        lambda: fcntl.fcntl(0, _F_SETSIG, 0),
        lambda: fcntl.ioctl(0, _FIOSETOWN, owner[4:]),
    ]


def _any_works(attempts: list[Callable[[], object]]) -> None:
    if not any(map(_works, attempts)):
        raise PermissionError


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        return error.errno is not None and error.errno not in (*_REFUSED, *_OUT_OF_SIGHT)
    except (RuntimeError, ImportError, ValueError):  # no thread, no module, no higher limit
        return False
    return True


def _called(function: str, *arguments: Any) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), function)


def _opened_before() -> None:
    """Find a file that is open, beside the standard streams and the socket that is served."""
    for number in range(4, _OPEN_FILES):
        with contextlib.suppress(OSError):
            os.fstat(number)
            return
    raise PermissionError


def _by_number(name: str, *arguments: Any) -> None:
    """A system call for which the C library has no function."""
    if name not in _CALLS:
        raise PermissionError(errno.EPERM, name)
    _called("syscall", _CALLS[name], *arguments)


def _socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _read(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 (as a submission would)
        file.read(1)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
