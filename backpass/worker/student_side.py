"""What runs inside a worker: it holds one submission and answers calls until the connection closes."""

from __future__ import annotations

import socket
from typing import Any

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
        answers = [answer.pack() for answer in _call(modules, request)]
        try:
            send(sock, {"id": request["id"], "answers": answers})
        except PeerGone:
            return
        except Exception as error:  # the values are the student's, and may do anything while they are packed
            text = str(error) if isinstance(error, WireError) else type(error).__name__
            unsendable = Answer(raised=Raised("UnsendableResult", text))
            send(sock, {"id": request["id"], "answers": [unsendable.pack()] * len(answers)})


def _call(modules: SubmissionModules, request: dict[str, Any]) -> list[Answer]:
    calls = [Call(**packed) for packed in request["calls"]]
    try:
        function = modules.function(request["unit"], request["function"])
    except BaseException as error:
        raised = describe(error, modules.files)
        return [Answer(raised=Raised(f"import:{raised.kind}", raised.text, raised.line, raised.source))] * len(calls)
    if function is None:
        return [Answer(raised=Raised("missing", ""))] * len(calls)
    return [invoke(function, call, modules.files) for call in calls]
