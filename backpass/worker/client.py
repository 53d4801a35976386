"""The grader's side of the boundary: starts the zygote, asks for workers, calls submissions with deadlines."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from backpass.course.language import tr
from backpass.course.manifest import Limits
from backpass.course.words import plain_text
from backpass.worker import cgroups, landlock, root, wire, zygote
from backpass.worker.callbacks import OWN, REFUSED, carry_out, encoded
from backpass.worker.clock import Clock, number_of
from backpass.worker.confinement import LAYERS, LIMITS, NAMESPACES, PRIVILEGES, PYTHON_FOLDERS, READABLE, Confinement
from backpass.worker.invoke import MAX_PRINTED, Answer, Call, Calls, Encoded, Raised
from backpass.worker.own import OwnProcesses
from backpass.worker.simulated import SIMULATED, SLOWER
from backpass.worker.zygote import rare_in

Function = Callable[..., Any]
Frame = tuple[bytes, bytes | bytearray]

BUBBLEWRAP, CGROUP = "bubblewrap", "cgroup"
ALL_LAYERS = (*LAYERS, BUBBLEWRAP, CGROUP)

_SECONDS_TO_EXIT = 0.5
_HURRY = 5  # times less for a request
_MOST_NOTICED = 20
# What a worker says between a question and its answer, in frames and bytes: its reader's time is not on its clock.
_MOST_ASIDES, _LONGEST_ASIDE = 2048, 8192
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]

# -I: no environment variables, no user packages, no current folder on the import path.
_BOOT = """
import sys
sys.path.insert(0, sys.argv[2])
from backpass.worker.zygote import main
main(int(sys.argv[1]), sys.argv[2])
"""


class WorkerDied(Exception):
    """The worker ended in the middle of a call; the text says how."""


class ZygoteFailed(Exception):
    """The zygote did not start: an installation problem of the grader's, not of a submission."""


class Zygote:
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

    def __enter__(self) -> Zygote:
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
        source = b"import torch\ndef starts():\n    return torch.ones(1, device='cuda').item()"
        with Worker(self, {"cuda": source}) as worker:
            return bool(worker.call("cuda", "starts", [Call({})])[0].value == 1.0)

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

    def split(self) -> Zygote:
        """Another zygote, forked from this one, for another process of the grader's to use. It ends with this one."""
        other = Zygote(self.limits, self._layers, cuda=self._cuda)
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


@dataclass(frozen=True)
class Substitutes:
    """Functions of the course's for those of a submission, by `unit.name`, and the modules that they are in.

    They are called with whatever a submission likes, so they run in a worker of their own.
    """

    names: tuple[str, ...]
    sources: dict[str, bytes]


class Worker:
    """One submission in a process of its own. A context; a worker that died is replaced at the next call.

    `zygote`: or `OwnProcesses`, for one's own code.
    `substitutes`: functions of the course's that take the place of the submission's own.
    `seconds`: what is left of the submission's time, which runs while it computes; all of it by default.
    `seconds_a_request`: less than the limit for one request.
    """

    def __init__(
        self,
        zygote: Zygote | OwnProcesses,
        sources: dict[str, bytes],
        substitutes: Substitutes | None = None,
        seconds: float | None = None,
        seconds_a_request: float | None = None,
    ) -> None:
        self._substitutes = substitutes or Substitutes((), {})
        self._references: Worker | None = None
        self._zygote = zygote
        self._sources = {unit: (f"{unit}.py", source) for unit, source in sources.items()}
        self._wanted = rare_in(sources.values())
        self._limits = zygote.limits
        self._seconds_a_request = self._limits.seconds_a_request if seconds_a_request is None else seconds_a_request
        self._within = self._seconds_a_request
        self.is_hurried = False  # it is expected to hang: what has been waited for once is not waited for again
        self._left = self._limits.seconds_a_submission if seconds is None else seconds
        self._socket: socket.socket | None = None
        self._clock = Clock(None)
        self._requests = 0
        self._noticed: dict[str, None] = {}
        self._printed, self._asides = "", 0  # since the last question, as far as is known
        self._carries_out = False
        self.substituted: dict[str, None] = {}  # the substitutes that were called

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        if self._references is not None:
            self._references.__exit__()

    @property
    def seconds_left(self) -> float:
        """What the submission may still take; not below 0."""
        return max(0.0, self._left)

    def load(self, unit: str) -> Answer:
        """Import a unit; what it raises is in the answer."""
        return self.call(unit, "", [Call({})])[0]

    def call(self, unit: str, function: str, calls: Sequence[Call]) -> list[Answer]:
        """One round trip: all of `calls`, answered in order.

        A worker that dies or hangs answers by `Raised`, with what it had printed by then.
        """
        on_stand_in = any(call.device == SIMULATED for call in calls)
        self._within = self._seconds_a_request * (SLOWER if on_stand_in else 1) / (_HURRY if self.is_hurried else 1)
        try:
            sent = _encoded(calls)
            request = {"do": "call", "unit": unit, "function": function, "calls": sent.header}
            reply = self._request(request, sent.payload, sent.functions)
            answers = [Answer.unpack(answer) for answer in reply["answers"]]
            if len(answers) != len(calls):
                raise wire.WireError("it does not answer every call")
            return answers
        except wire.DeadlinePassed:
            self._end()
            raised = Raised("timeout", self._why_no_answer())
        except WorkerDied as death:
            raised = Raised("died", str(death))
        except (wire.WireError, KeyError, TypeError, AttributeError, ValueError) as error:
            self._end()
            why = str(error) if isinstance(error, wire.WireError) else tr("it does not have the form of an answer")
            raised = Raised("died", tr("the answer was not readable ({why})", why=why))
        return [Answer(raised=raised, printed=self._printed)] * len(calls)

    def inspect(
        self, about: str, unit: str, function: str, calls: Sequence[Call], rest: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What `backpass.worker.inspection` finds out about a function; None where the submission prevents it."""
        sent = _encoded(calls)
        header, payload = wire.encode(rest)
        request: dict[str, Any] = {"do": "inspect", "about": about, "unit": unit, "function": function}
        request |= {"calls": sent.header, "size": len(sent.payload), "rest": header}
        try:
            findings = self._request(request, sent.payload + payload, sent.functions).get("findings")
        except (wire.DeadlinePassed, WorkerDied, wire.WireError, KeyError, TypeError, AttributeError, ValueError):
            self._end()
            return None
        return findings if isinstance(findings, dict) else None

    def take_noticed(self) -> list[str]:
        """What the submission tried beside computing since the last time, in words."""
        noticed = list(self._noticed)
        self._noticed.clear()
        return noticed

    def what_is_possible(self, targets: dict[str, Any]) -> list[str]:
        """The self-test of the confinement, in this worker: see `backpass.worker.probe`."""
        reply = self._request({"do": "probe", "targets": targets})
        found: list[str] = reply["answers"][0]["value"]
        return found

    def _request(
        self, request: dict[str, Any], payload: bytes = b"", functions: Sequence[Function] = ()
    ) -> dict[str, Any]:
        self._printed, self._asides = "", 0
        if self._left <= 0:
            raise wire.DeadlinePassed
        self._requests += 1
        header, own = wire.encode({**request, "id": self._requests})
        reply, frame = self._asked(header, payload or own)
        while isinstance(reply, dict) and "id" not in reply:
            if "callback" in reply:
                answered = self._called_back(reply["callback"], reply, frame, functions)
                reply, frame = self._asked(*answered, goes_on=True)
            else:
                self._notice(reply, frame)
                reply, frame = self._asked(goes_on=True)
        if not isinstance(reply, dict) or reply.get("id") != self._requests:
            raise wire.WireError("it does not belong to the question")
        return reply

    def _asked(
        self, header: bytes = b"", payload: bytes | bytearray = b"", *, goes_on: bool = False
    ) -> tuple[Any, Frame]:
        """What the worker says next, after it was sent a frame, if there is one; its clock runs meanwhile only.

        `goes_on`: within the time of the request before.
        """
        if not goes_on:
            sock = self._socket or self._start()
            self._clock.start(min(self._within, self._left))
        assert self._socket is not None
        sock, before = self._socket, self._clock.seconds
        if self._clock.left() <= 0:
            raise wire.DeadlinePassed
        try:
            with self._clock:
                if header:
                    sock.settimeout(self._clock.left())
                    wire.send_frame(sock, header, payload)
                frame = wire.receive_frame(sock, self._clock.left)
        except wire.PeerGone:
            ended = self._has_ended()
            status = self._end()
            self._zygote.killed += ended and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            raise WorkerDied(_how_it_ended(status)) from None
        finally:
            self._left -= self._clock.seconds - before
        return wire.decode(*frame, printable=True), frame

    def _start(self) -> socket.socket:
        self._socket, self._pid, self._pidfd = self._zygote.fork(self._wanted)
        self._clock = Clock(self._pidfd)
        self._socket.settimeout(self._limits.seconds_a_request)
        request = {"do": "submission", "sources": self._sources, "substitutes": list(self._substitutes.names)}
        wire.send(self._socket, request)
        return self._socket

    def _called_back(
        self, key: object, request: dict[str, Any], frame: Frame, functions: Sequence[Function]
    ) -> tuple[bytes, bytes | bytearray]:
        """The frame that answers a call of a function of the course's."""
        if isinstance(key, str) and key in self._substitutes.names:
            self.substituted[key] = None
            if self._references is None:
                self._references = Worker(self._zygote, self._substitutes.sources)
            return self._references.carry_out(frame, functions, self)
        if type(key) is not int or not 0 <= key < len(functions):
            raise wire.WireError("it calls a function that it was not given")
        return encoded(carry_out(functions[key], request))

    def carry_out(self, frame: Frame, functions: Sequence[Function], asking: Worker) -> Frame:
        """The frame that answers another worker's call of a function of this one's.

        It may call `functions` on its part, and those that the `asking` worker lends to it.
        """
        if self._carries_out:  # it is a function lent to it that asks
            return encoded(REFUSED)

        def asked(frame: Frame, goes_on: bool) -> tuple[Any, Frame]:
            try:
                return self._asked(*frame, goes_on=goes_on)
            except (wire.DeadlinePassed, WorkerDied, wire.WireError):
                self._end()
                return REFUSED, encoded(REFUSED)

        self._carries_out = True
        try:
            reply, frame = asked(frame, goes_on=False)
            while isinstance(reply, dict) and "callback" in reply:
                key = reply["callback"]
                is_lent = type(key) is int and key <= OWN
                answered = asking.lend(frame, functions) if is_lent else self._called_back(key, reply, frame, functions)
                reply, frame = asked(answered, goes_on=True)
            return frame
        except BaseException:  # the asking worker is lost, and this one waits for it
            self._end()
            raise
        finally:
            self._carries_out = False

    def lend(self, frame: Frame, functions: Sequence[Function]) -> Frame:
        """The frame that answers a call of a function that this worker lends, while it waits for something else."""
        reply, frame = self._asked(*frame, goes_on=True)
        while isinstance(reply, dict) and not {"value", "raised"} & reply.keys():
            sent: Frame | tuple[()] = ()
            if "callback" in reply:
                sent = self._called_back(reply["callback"], reply, frame, functions)
            else:
                self._notice(reply, frame)
            reply, frame = self._asked(*sent, goes_on=True)
        return frame

    def _why_no_answer(self) -> str:
        if self._left <= 0:
            seconds = self._limits.seconds_a_submission
            return tr("no answer before the {seconds:g} s of a submission were used up", seconds=seconds)
        return tr("no answer within {seconds:g} s", seconds=self._within)

    def _notice(self, aside: dict[str, Any], frame: Frame) -> None:
        self._asides += 1
        if self._asides > _MOST_ASIDES or sum(map(len, frame)) > _LONGEST_ASIDE:
            raise wire.WireError("it says too much beside it")
        words, printed = aside.get("noticed"), aside.get("printed")
        if isinstance(words, str) and len(self._noticed) < _MOST_NOTICED:
            self._noticed[plain_text(words, 160)] = None
        if isinstance(printed, str) and len(self._printed) < MAX_PRINTED:
            self._printed = plain_text(self._printed + printed, MAX_PRINTED)

    def _has_ended(self) -> bool:
        """Whether the worker ends by itself, in a moment: what is said of it is not to depend on who is faster."""
        if self._pidfd is None:
            return False
        process = select.poll()
        process.register(self._pidfd, select.POLLIN)
        return bool(process.poll(_SECONDS_TO_EXIT * 1000))

    def _end(self) -> int:
        """Kill the worker, and where it can have any, everything in its process group; its wait status."""
        if self._socket is None:
            return 0
        self._clock.close()
        self._socket.close()
        self._socket = None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                os.close(self._pidfd)
            elif hasattr(os, "killpg"):
                os.killpg(self._pid, signal.SIGKILL)
        return self._zygote.reap(self._pid)


def _encoded(calls: Sequence[Call]) -> Encoded:
    return calls.encode() if isinstance(calls, Calls) else Encoded.of(calls)


def _how_it_ended(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return tr("the process ended itself with exit status {status}", status=code)
    name = signal.Signals(-code).name
    if name == "SIGKILL":
        return tr("the process ended itself in the middle of the call")
    return tr("the process died of {signal}", signal=name)
