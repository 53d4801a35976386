"""The grader's side of the boundary: has a submission in a worker, and calls it with deadlines."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backpass.course.language import tr
from backpass.course.words import plain_text
from backpass.worker import wire
from backpass.worker.attempts import UNSEEN
from backpass.worker.callbacks import OWN, REFUSED, carry_out, encoded
from backpass.worker.calls import MAX_PRINTED, Answer, Call, Calls, Encoded, Raised
from backpass.worker.clock import Clock
from backpass.worker.own import OwnProcesses
from backpass.worker.simulated import SIMULATED, SLOWER
from backpass.worker.warm import Warm
from backpass.worker.zygote import rare_in

Function = Callable[..., Any]
Frame = tuple[bytes, bytes | bytearray]

_SECONDS_TO_EXIT = 0.5
_HURRY = 5  # times less for a request
_MOST_NOTICED = 20
# What a worker says between a question and its answer, in frames and bytes: its reader's time is not on its clock.
_MOST_ASIDES, _LONGEST_ASIDE = 2048, 8192


class WorkerDied(Exception):
    """The worker ended in the middle of a call; the text says how."""


class Zygote(Warm):
    """A context that holds one warm process to fork workers from."""

    def _cuda_starts(self) -> bool:
        source = b"import torch\ndef starts():\n    return torch.ones(1, device='cuda').item()"
        with Worker(self, {"cuda": source}) as worker:
            return bool(worker.call("cuda", "starts", [Call({})])[0].value == 1.0)


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
        if isinstance(words, str) and (len(self._noticed) < _MOST_NOTICED or words in UNSEEN):
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
