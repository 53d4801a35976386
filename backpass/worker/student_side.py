"""What runs inside a worker: it holds one submission and answers calls until the connection closes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from backpass.worker import operators
from backpass.worker.attempts import UNSEEN, Attempts
from backpass.worker.callbacks import carry_out, encoded, remote, with_remotes
from backpass.worker.calls import Answer, Call, Raised
from backpass.worker.hiding import comes_with_everything
from backpass.worker.inspection import Inspected
from backpass.worker.invoke import Printed, describe, invoke_all
from backpass.worker.modules import SubmissionModules
from backpass.worker.trace import Trace
from backpass.worker.wire import Callback, PeerGone, WireError, decode, encode, receive_frame, send, send_frame

with suppress(ImportError):  # Windows, where nothing is confined
    from backpass.worker.probe import what_is_possible


def serve(sock: socket.socket) -> None:
    """Answer requests on `sock`: first the sources, then any number of calls.

    Before an answer come any number of frames with what the submission has tried meanwhile, in words, with what it
    printed, and with calls of functions of the grader's.
    """
    modules = SubmissionModules({})
    inspected = Inspected(modules)
    attempts = Attempts(frozenset(), lambda words: None)
    while True:
        try:
            header, payload = receive_frame(sock)
        except PeerGone:
            return
        request = decode(header, payload)
        if "callback" in request:  # another worker's, of a function that is here
            unit, _, name = request["callback"].partition(".")
            send_frame(sock, *encoded(carry_out(getattr(modules.load(unit), name), with_remotes(request, sock))))
            continue
        if request["do"] == "probe":
            send(sock, {"id": request["id"], "answers": [Answer(what_is_possible(request["targets"])).pack()]})
            continue
        if request["do"] == "submission":
            substitutes = {name: remote(sock, name) for name in request["substitutes"]}
            modules = SubmissionModules(request["sources"], substitutes)
            modules.install()
            inspected = Inspected(modules)
            urgently = {words: partial(sock.sendall, _frame({"noticed": words})) for words in UNSEEN}
            attempts = Attempts(modules.files, lambda words: send(sock, {"noticed": words}), urgently)
            attempts.install()
            continue
        attempts.forget()
        if request["do"] == "inspect":
            send(sock, {"id": request["id"], **_inspect(inspected, request, payload, sock)})
            continue
        calls = [_with_callbacks(Call(**packed), sock) for packed in decode(request["calls"], payload)]
        printed = Printed(tell=lambda text: send(sock, {"printed": text}))
        answers = answer(modules, request["unit"], request["function"], calls, printed, attempts.begin)
        reply: dict[str, Any] = {"id": request["id"], "answers": [each.pack() for each in answers]}
        try:
            frame = encode(reply)
            if late := tuple(name for name in attempts.called if name not in answers[0].called):
                # A value can compute while it is packed, and a submission clear what was noted before.
                reply["answers"][0]["called"] = (*answers[0].called, *late)
                frame = encode(reply)
            send_frame(sock, *frame)
        except PeerGone:
            return
        except Exception as error:  # the values are the student's, and may do anything while they are packed
            text = str(error) if isinstance(error, WireError) else type(error).__name__
            reply["answers"] = [Answer(raised=Raised("UnsendableResult", text)).pack()] * len(calls)
            send(sock, reply)


def _frame(value: dict[str, Any]) -> bytes:
    header, payload = encode(value)
    return struct.pack(">IQ", len(header), len(payload)) + header + payload


def _inspect(inspected: Inspected, request: dict[str, Any], payload: bytearray, sock: socket.socket) -> dict[str, Any]:
    size = request["size"]
    calls = [_with_callbacks(Call(**packed), sock) for packed in decode(request["calls"], payload[:size])]
    try:
        return {"findings": inspected({**request, **decode(request["rest"], payload[size:])}, calls)}
    except BaseException:  # a stranger's program may do anything while it is looked into: then nothing is said of it
        return {"findings": {}}


def _with_callbacks(call: Call, sock: socket.socket) -> Call:
    """`call` with functions in the place of what stands for them."""

    def with_functions(value: Any) -> Any:
        if isinstance(value, list):
            return [with_functions(item) for item in value]
        return remote(sock, value.number) if isinstance(value, Callback) else value

    args, kwargs = ({name: with_functions(value) for name, value in each.items()} for each in (call.args, call.kwargs))
    return replace(call, args=args, kwargs=kwargs)


def answer(
    modules: SubmissionModules,
    unit: str,
    name: str,
    calls: Sequence[Call],
    printed: Printed | None = None,
    begin: Callable[[], None] = lambda: None,
) -> list[Answer]:
    """The answers of the function `name` of `unit` to `calls`; an empty name only imports the unit.

    `printed`: where what is printed goes. `begin` is called when the unit has been imported.
    """
    printed = printed or Printed()
    try:
        trace = Trace(modules.files)
        with trace.fully(), redirect_stdout(printed):
            module = modules.load(unit)
        operators.called.clear()
        begin()
    except BaseException as error:
        raised = describe(error, modules.files)
        return [Answer(raised=replace(raised, kind=f"import:{raised.kind}", function=""))] * len(calls)
    text = printed.take()
    if not name:
        return [Answer(called=tuple(trace.called), printed=text)] * len(calls)
    function = getattr(module, name, None)
    is_own = getattr(getattr(function, "__code__", None), "co_filename", "") in modules.files
    if not callable(function) or (not is_own and comes_with_everything(name, modules.sources[unit][1])):
        return [Answer(raised=Raised("missing", ""))] * len(calls)
    return invoke_all(function, calls, modules.files, printed)
