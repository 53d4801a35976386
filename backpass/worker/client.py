"""The grader's side of the boundary: starts the zygote, asks for workers, calls submissions with deadlines."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from backpass.worker import wire, zygote
from backpass.worker.invoke import Answer, Call, Raised

# The whole environment of a zygote. One thread before the first import: a fork keeps only the thread
# that forks. The allocator settings make a fork copy fewer page tables.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "MALLOC_TOP_PAD_": "67108864",
    "PYTHONMALLOC": "malloc",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_START_SECONDS = 120.0

# -I: no environment variables, no user packages, no current folder on the import path.
_BOOT = """
import sys
sys.path.insert(0, sys.argv[2])
from backpass.worker.zygote import main
main(int(sys.argv[1]), sys.argv[2], sys.argv[3] == "limited")
"""


class WorkerDied(Exception):
    """The worker ended in the middle of a call; the text says how."""


class ZygoteFailed(Exception):
    """The zygote did not start: an installation problem of the grader's, not of a submission."""


class Zygote:
    """A context that holds one warm process to fork workers from. `cuda`: workers may start CUDA."""

    def __init__(self, cuda: bool = False) -> None:
        self._memory_limit = not cuda  # CUDA reserves far more address space than it uses
        self._keep_cuda = cuda

    def __enter__(self) -> Zygote:
        mine, theirs = socket.socketpair()
        package_parent = str(Path(__file__).resolve().parents[2])
        environment = dict(_ENVIRONMENT)
        if self._keep_cuda:
            environment |= {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-c", _BOOT, str(theirs.fileno()), package_parent),
                "limited" if self._memory_limit else "unlimited",
            ],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._control = mine
        mine.settimeout(_START_SECONDS)
        try:
            self._reply()
        except (OSError, PeerLost) as error:
            self._process.kill()
            self._process.wait()
            self._errors.seek(0)
            text = self._errors.read().decode(errors="replace").strip()
            raise ZygoteFailed(f"The process that runs submissions did not start ({error}).\n{text}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()
        self._process.wait()
        self._errors.close()

    def fork(self) -> tuple[socket.socket, int, int | None]:
        """A new worker: the socket that it serves, its pid, and its pidfd where the system has them."""
        mine, theirs = socket.socketpair()
        socket.send_fds(self._control, [zygote.ORDER.pack(zygote.FORK, 0)], [theirs.fileno()])
        theirs.close()
        pid, _, fds = self._reply()
        return mine, pid, fds[0] if fds else None

    def reap(self, pid: int) -> int:
        """The wait status of a worker that has ended or was killed."""
        self._control.sendall(zygote.ORDER.pack(zygote.REAP, pid))
        return self._reply()[1]

    def _reply(self) -> tuple[int, int, list[int]]:
        data, fds, _, _ = socket.recv_fds(self._control, zygote.REPLY.size, 1)
        if len(data) < zygote.REPLY.size:
            raise PeerLost("it ended")
        pid, status = zygote.REPLY.unpack(data)
        return pid, status, list(fds)


class PeerLost(Exception):
    """The zygote's control socket closed."""


class Worker:
    """One submission in a process of its own. A context; a worker that died is replaced at the next call."""

    def __init__(self, zygote: Zygote, sources: dict[str, bytes], seconds_a_request: float) -> None:
        self._zygote = zygote
        self._sources = {unit: (f"{unit}.py", source) for unit, source in sources.items()}
        self._seconds = seconds_a_request
        self._socket: socket.socket | None = None
        self._requests = 0

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def load(self, unit: str) -> Answer:
        """Import a unit; what it raises is in the answer."""
        return self.call(unit, "", [Call({})])[0]

    def call(self, unit: str, function: str, calls: list[Call]) -> list[Answer]:
        """One round trip: all of `calls`, answered in order. A worker that dies or hangs answers by `Raised`."""
        try:
            return self._request(unit, function, calls)
        except wire.DeadlinePassed:
            self._end()
            raised = Raised("timeout", f"no answer within {self._seconds:g} s")
        except WorkerDied as death:
            raised = Raised("died", str(death))
        except wire.WireError as error:
            self._end()
            raised = Raised("died", f"the answer was not readable ({error})")
        return [Answer(raised=raised)] * len(calls)

    def _request(self, unit: str, function: str, calls: list[Call]) -> list[Answer]:
        deadline = time.monotonic() + self._seconds
        sock = self._socket or self._start()
        self._requests += 1
        request = {
            "do": "call",
            "id": self._requests,
            "unit": unit,
            "function": function,
            "calls": [call.pack() for call in calls],
        }
        try:
            sock.settimeout(self._seconds)
            wire.send(sock, request)
            reply = wire.receive(sock, deadline)
            if not isinstance(reply, dict) or reply.get("id") != self._requests:
                raise wire.WireError("it does not belong to the question")
            answers = [Answer.unpack(answer) for answer in reply["answers"]]
        except wire.PeerGone:
            raise WorkerDied(_how_it_ended(self._end())) from None
        except (KeyError, TypeError, AttributeError, ValueError):
            raise wire.WireError("it does not have the form of an answer") from None
        if len(answers) != len(calls):
            raise wire.WireError("it does not answer every call")
        return answers

    def _start(self) -> socket.socket:
        self._socket, self._pid, self._pidfd = self._zygote.fork()
        self._socket.settimeout(self._seconds)
        with contextlib.suppress(wire.PeerGone):  # noticed at the call that follows
            wire.send(self._socket, {"do": "submission", "sources": self._sources})
        return self._socket

    def _end(self) -> int:
        """Kill the worker and everything in its process group; its wait status."""
        if self._socket is None:
            return 0
        self._socket.close()
        self._socket = None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            else:
                os.kill(self._pid, signal.SIGKILL)
        if self._pidfd is not None:
            os.close(self._pidfd)
        return self._zygote.reap(self._pid)


def _how_it_ended(status: int) -> str:
    if os.WIFEXITED(status):
        return f"the process ended itself with exit status {os.WEXITSTATUS(status)}"
    name = signal.Signals(os.WTERMSIG(status)).name
    return "the process ended itself in the middle of the call" if name == "SIGKILL" else f"the process died of {name}"
