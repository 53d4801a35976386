"""The filter of a worker's system calls, see seccomp(2): what `system_calls` allows, and nothing else."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from functools import cache

from backpass.worker.system_calls import path_of

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_INSTRUCTION = 8  # bytes


def known_here() -> bool:
    """Whether there is a filter for this architecture."""
    return path_of(platform.machine(), cuda=False).is_file()


@cache
def load(*, cuda: bool) -> bytes:
    """The filter for this architecture, empty where there is none; read once, while files can be read.

    `cuda`: one that leaves open what its driver needs.
    """
    path = path_of(platform.machine(), cuda=cuda)
    return path.read_bytes() if path.is_file() else b""


def install(code: bytes) -> None:
    """Filter the system calls of this process for good; needs no-new-privs, or root."""
    if not code:
        return
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(code) // _INSTRUCTION, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")
