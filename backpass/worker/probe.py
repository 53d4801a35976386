"""The self-test of the confinement: tries, inside a worker, what no submission may be able to do."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any


def what_is_possible(targets: dict[str, Any]) -> list[str]:
    """What of the forbidden can be done here, in words; empty where the confinement holds.

    `targets`: `readable` (paths that must not be), `folder` (where nothing may be written) and `process`
    (one that must be out of reach).
    """
    found = [f"read {path}" for path in targets["readable"] if _works(partial(_read, path))]
    attempts: dict[str, Callable[[], object]] = {
        "create files": (Path(targets["folder"]) / "created").touch,
        "open a network connection": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close(),
        "start a process": _fork,
        "send signals to other processes": lambda: os.kill(targets["process"], 0),
    }
    if sys.platform == "linux":
        attempts["read the memory of other processes"] = lambda: _read(f"/proc/{targets['process']}/maps")
    return found + [words for words, attempt in attempts.items() if _works(attempt)]


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError):
        return False
    return True


def _read(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 (as a submission would)
        file.read(1)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
