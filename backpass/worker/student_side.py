"""What runs inside a worker: it holds one submission and answers calls until the connection closes."""

from __future__ import annotations

import socket

from backpass.worker.invoke import Answer, Call, Raised, describe, invoke
from backpass.worker.modules import SubmissionModules
from backpass.worker.wire import PeerGone, WireError, receive, send


def serve(sock: socket.socket) -> None:
    """Answer requests on `sock`: first the sources, then any number of calls."""
    modules: SubmissionModules | None = None
    while True:
        try:
            request = receive(sock)
        except PeerGone:
            return
        if request["do"] == "submission":
            modules = SubmissionModules(request["sources"])
            modules.install()
            continue
        assert modules is not None
        calls = [Call(**packed) for packed in request["calls"]]
        answers = [each.pack() for each in answer(modules, request["unit"], request["function"], calls)]
        try:
            send(sock, {"id": request["id"], "answers": answers})
        except PeerGone:
            return
        except Exception as error:  # the values are the student's, and may do anything while they are packed
            text = str(error) if isinstance(error, WireError) else type(error).__name__
            unsendable = Answer(raised=Raised("UnsendableResult", text))
            send(sock, {"id": request["id"], "answers": [unsendable.pack()] * len(answers)})


def answer(modules: SubmissionModules, unit: str, name: str, calls: list[Call]) -> list[Answer]:
    """The answers of the function `name` of `unit` to `calls`; an empty name only imports the unit."""
    try:
        module = modules.load(unit)
    except BaseException as error:
        raised = describe(error, modules.files)
        return [Answer(raised=Raised(f"import:{raised.kind}", raised.text, raised.line, raised.source))] * len(calls)
    if not name:
        return [Answer()] * len(calls)
    function = getattr(module, name, None)
    if not callable(function):
        return [Answer(raised=Raised("missing", ""))] * len(calls)
    return [invoke(function, call, modules.files) for call in calls]
