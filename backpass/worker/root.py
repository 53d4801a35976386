"""The root of a grading command: a process that has torch and nothing else, and forks the zygote before it goes on.

So torch is imported once for both. What submissions run in was never in a process with the course, the user's
environment or arguments: the command starts itself anew without them, and reads them when the zygote is on its own.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from backpass.worker import zygote

_BOOT = """
import sys
sys.path.insert(0, sys.argv[2])
from backpass.worker.root import main
main(int(sys.argv[1]), sys.argv[2])
"""


class Forked:
    """A zygote that was forked, and not started; as much of a `Popen` as is needed."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        with contextlib.suppress(ChildProcessError):  # another process of the grader's asks
            os.waitpid(self.pid, 0)


_spares: list[tuple[int, Forked, socket.socket]] = []  # of the process with this pid


def take_spare() -> tuple[Forked, socket.socket] | None:
    """The zygote that was forked when this process began, unless it is taken, and the socket that controls it."""
    if not _spares or _spares[0][0] != os.getpid():
        return None
    _, process, control = _spares.pop()
    return process, control


def begin_anew(run: str, argv: Sequence[str]) -> None:
    """Be replaced by a process that forks a zygote, and then runs `run` (`module:function`) with these arguments.

    Returns where there is no such thing; then a zygote imports torch for itself.
    """
    if sys.platform != "linux":
        return
    streams = [[each.encoding, each.errors, each.write_through] for each in _streams()]
    known = {"run": run, "argv": [*argv], "path": sys.path, "environment": dict(os.environ), "streams": streams}
    with contextlib.suppress(OSError):
        file = os.memfd_create("command", 0)
        os.write(file, json.dumps(known).encode())
        os.lseek(file, 0, os.SEEK_SET)
        warnings = [f"-W{option}" for option in sys.warnoptions]
        boot = [sys.executable, "-I", *warnings, "-c", _BOOT, str(file), str(Path(__file__).resolve().parents[2])]
        os.execve(sys.executable, boot, zygote.ENVIRONMENT)


def main(file: int, import_path: str) -> NoReturn:
    """Fork a zygote, then be the command that `file` tells of."""
    zygote.warm_up()
    mine, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        mine.detach()
        _be_the_zygote(theirs, import_path)
    theirs.close()
    _spares.append((os.getpid(), Forked(pid), mine))
    gc.freeze()
    gc.enable()
    with open(file, encoding="utf-8") as opened:
        known = json.load(opened)
    os.environ.clear()
    os.environ.update(known["environment"])
    time.tzset()
    sys.path[:], sys.argv[:] = known["path"], known["argv"]
    for stream, (encoding, errors, write_through) in zip(_streams(), known["streams"], strict=True):
        stream.reconfigure(encoding=encoding, errors=errors, write_through=write_through)
    module, _, function = known["run"].partition(":")
    sys.exit(getattr(import_module(module), function)())


def _streams() -> list[Any]:
    return [sys.stdout, sys.stderr]


def _be_the_zygote(control: socket.socket, import_path: str) -> NoReturn:
    """In a process that is to have nothing of the command's: not its streams, its files, or its folder."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        kept = os.dup(control.detach())
        os.closerange(3, kept)
        os.closerange(kept + 1, 4096)
        os.chdir("/")
        zygote.be_a_zygote(socket.socket(fileno=kept), import_path)
    finally:
        os._exit(1)
