"""The grader's hold on a zygote: starts it, confined, has it fork workers and more zygotes, hears how they ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Self

from backpass.course.manifest import Limits
from backpass.worker import cgroups, landlock, root, zygote
from backpass.worker.clock import number_of
from backpass.worker.confinement import LAYERS, LIMITS, NAMESPACES, PRIVILEGES, PYTHON_FOLDERS, READABLE, Confinement

BUBBLEWRAP, CGROUP = "bubblewrap", "cgroup"
ALL_LAYERS = (*LAYERS, BUBBLEWRAP, CGROUP)

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]

# -I: no environment variables, no user packages, no current folder on the import path.
_BOOT = """
import sys
sys.path.insert(0, sys.argv[2])
from backpass.worker.zygote import main
main(int(sys.argv[1]), sys.argv[2])
"""


class ZygoteFailed(Exception):
    """The zygote did not start: an installation problem of the grader's, not of a submission."""


class Warm:
    """A context that holds one warm process to fork workers from.

    `layers`: which layers of confinement to use where the system has them; `active_layers` tells which took
    hold. `cuda`: workers may start CUDA.
    """

    newest_landlock = landlock.NEWEST  # of an older kernel, which tests imitate

    def __init__(
        self, limits: Limits | None = None, layers: tuple[str, ...] = ALL_LAYERS, *, cuda: bool = False
    ) -> None:
        self.limits = limits or Limits()
        self._layers = layers
        self._cuda = cuda
        self.active_layers: tuple[str, ...] = ()
        self.killed = 0  # times that it, or a worker of it, was killed; the submission at hand may be innocent of it
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | root.Forked | None = None

    def __enter__(self) -> Self:
        if self._control is not None:
            return self  # another zygote forked it
        if not hasattr(os, "fork"):
            raise ZygoteFailed(
                f"Grading needs a system with fork, and {sys.platform} has none. On Windows run it in WSL; "
                "`pytest exercises/` works without."
            )
        if self._cuda:
            self._start_with_cuda()
            return self
        # Where bubblewrap is installed and may not be used (a container, a kernel's setting), it goes without.
        wrapped = BUBBLEWRAP in self._layers and shutil.which("bwrap") is not None
        if not wrapped:
            self._start(wrapped=False)
        else:
            try:
                self._start(wrapped=True)
            except ZygoteFailed:
                self._start(wrapped=False)
        return self

    def _start_with_cuda(self) -> None:
        """Start with as many layers as let a worker start CUDA: drivers differ in what they need."""
        for layers in (self._layers, (LIMITS, PRIVILEGES), (LIMITS,)):
            self._layers = tuple(layer for layer in layers if layer in self._layers)
            self._start(wrapped=False)
            if self._cuda_starts():
                return
            self.__exit__()
        self._start(wrapped=False)  # it is not the confinement: submissions will hear what it is

    def _cuda_starts(self) -> bool:
        """Whether a worker can start CUDA, as its layers are."""
        raise NotImplementedError

    def _start(self, *, wrapped: bool) -> None:
        confinement = Confinement(
            layers=tuple(layer for layer in self._layers if layer in LAYERS and not (wrapped and layer == NAMESPACES)),
            memory=self.limits.memory << 20,
            cpu_seconds=int(self.limits.seconds_a_submission) + 5,
            cuda=self._cuda,
            landlock=self.newest_landlock,
        )
        errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed below, after the process has started)
        spare = None if wrapped or self._cuda else root.take_spare()
        process, mine = spare or self._new_process(errors, wrapped=wrapped)
        mine.settimeout(zygote.START_SECONDS)
        enclosed = self._enclose(process.pid)
        try:
            mine.sendall(zygote.talk(asdict(confinement)))
            hello = mine.recv(zygote.TALK_SIZE, socket.MSG_WAITALL)
            if len(hello) < zygote.TALK_SIZE:
                raise PeerLost("it ended")
        except (OSError, PeerLost) as error:
            mine.close()
            process.kill()
            process.wait()
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise ZygoteFailed(f"The process that runs submissions did not start ({error}).\n{text}") from None
        finally:
            errors.close()
        self._control, self._process = mine, process
        self.active_layers = (*json.loads(hello), *([BUBBLEWRAP] if wrapped else []), *([CGROUP] if enclosed else []))

    def _enclose(self, pid: int | None) -> bool:
        is_wanted = CGROUP in self._layers and not self._cuda and sys.platform == "linux"
        return is_wanted and pid is not None and cgroups.enclose(pid, self.limits.memory << 20)

    def _new_process(self, errors: IO[bytes], *, wrapped: bool) -> tuple[subprocess.Popen[bytes], socket.socket]:
        """A process that is going to be a zygote, and the socket that controls it."""
        mine, theirs = socket.socketpair()
        environment = dict(zygote.ENVIRONMENT)
        if self._cuda:
            environment |= {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
        process = subprocess.Popen(
            [
                *(_bubblewrap() if wrapped else ()),
                *(sys.executable, "-I", "-c", _BOOT, str(theirs.fileno()), str(_PACKAGE_PARENT)),
            ],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        return process, mine

    def close(self) -> None:
        """Let go of the control socket: the zygote ends once nobody holds it."""
        if self._control is not None:
            self._control.close()
            self._control = None

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._process is not None:
            self._process.wait()
            self._process = None

    def split(self) -> Self:
        """Another zygote, forked from this one, for another process of the grader's to use. It ends with this one."""
        other = type(self)(self.limits, self._layers, cuda=self._cuda)
        try:
            other._control, _, pidfd = self._order(zygote.SPLIT)
        except (OSError, PeerLost):
            self.__exit__()
            self.__enter__()
            other._control, _, pidfd = self._order(zygote.SPLIT)
        other.active_layers = self.active_layers
        if pidfd is not None:
            other._enclose(number_of(pidfd))  # from here on it is for one submission at a time
            os.close(pidfd)
        return other

    def fork(self, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        """A new worker: the socket that it serves, its pid, and its pidfd where the system has them.

        `wanted`: what it has to have loaded, see `zygote.rare_in`. A zygote that was lost (out of memory,
        say) is started anew.
        """
        try:
            return self._order(zygote.FORK, wanted)
        except (OSError, PeerLost):
            self.killed += 1
            self.__exit__()
            self.__enter__()
            return self._order(zygote.FORK, wanted)

    def reap(self, pid: int) -> int:
        """The wait status of a worker that has ended or was killed."""
        assert self._control is not None
        try:
            self._control.sendall(zygote.ORDER.pack(zygote.REAP, pid))
            return self._reply()[1]
        except (OSError, PeerLost):
            self.killed += 1
            return signal.SIGKILL  # the zygote is lost, and its workers with it

    def _order(self, command: bytes, wanted: int = 0) -> tuple[socket.socket, int, int | None]:
        assert self._control is not None
        mine, theirs = socket.socketpair()
        socket.send_fds(self._control, [zygote.ORDER.pack(command, wanted)], [theirs.fileno()])
        theirs.close()
        pid, _, fds = self._reply()
        return mine, pid, fds[0] if fds else None

    def _reply(self) -> tuple[int, int, list[int]]:
        assert self._control is not None
        data, fds, _, _ = socket.recv_fds(self._control, zygote.REPLY.size, 1)
        if len(data) < zygote.REPLY.size:
            raise PeerLost("it ended")
        return *zygote.REPLY.unpack(data), list(fds)


def _bubblewrap() -> list[str]:
    """The command that starts a program in namespaces of its own, with Python's folders and nothing else."""
    folders = dict.fromkeys(
        str(path)
        for path in (*READABLE, *PYTHON_FOLDERS, sys.executable, _PACKAGE_PARENT / "backpass", "/etc/ld.so.cache")
        if not str(path).startswith("/dev")
    )
    # An interpreter in a virtual environment is found by pyvenv.cfg and by the links in its bin folder.
    folders |= dict.fromkeys(str(Path(prefix)) for prefix in (sys.prefix, sys.base_prefix) if prefix != "/usr")
    binds = [part for path in folders if Path(path).exists() for part in ("--ro-bind", path, path)]
    namespaces = ["--unshare-all", "--as-pid-1", "--die-with-parent", "--cap-drop", "ALL"]
    return ["bwrap", *namespaces, *binds, "--dev", "/dev", "--proc", "/proc"]


class PeerLost(Exception):
    """The zygote's control socket closed."""
