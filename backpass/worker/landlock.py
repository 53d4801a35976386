"""Landlock: Linux's way for a process to give up access to files, ports and other processes, for good.

See landlock(7). Written against the three system calls, whose numbers are the same on every architecture.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# The number of rights over files that each version of the interface knows, the newest last.
_FILE_RIGHTS = (13, 14, 15, 15, 16)
_NETWORK_SINCE, _BIND_AND_CONNECT_TCP = 4, 0b11
_SCOPES_SINCE, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11

NEWEST = 99
COMPLETE = 3  # the first version that guards all contents of files: before, whoever knows a path can empty it

_libc: Any = None
with contextlib.suppress(TypeError):  # Windows
    _libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The version of the kernel's Landlock, 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)))


def restrict(
    newest: int = NEWEST, readable: Iterable[str] = (), devices: Iterable[str] = (), *, files: bool = True
) -> int:
    """Give up all files but `readable` ones, and `devices`, which may be read, written and controlled.

    Also given up, where the kernel knows how: TCP, and signals and abstract sockets to processes that are
    not below this one. Without `files` only those. The version that was used, 0 where the kernel has no Landlock;
    `newest`: use no newer one.
    """
    abi = min(version(), newest)
    if abi == 0:
        return 0
    every_right = (1 << _FILE_RIGHTS[min(abi, len(_FILE_RIGHTS)) - 1]) - 1
    handled = every_right if files else 0
    network = _BIND_AND_CONNECT_TCP if abi >= _NETWORK_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _SCOPES_SINCE else 0
    attributes = struct.pack("QQQ", handled, network, scopes)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    if not any(attributes):
        return abi
    ruleset = _checked(_libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    try:
        for path in readable if files else ():
            _allow(ruleset, path, (_READ_FILE | _READ_DIR) if Path(path).is_dir() else _READ_FILE)
        for path in devices if files else ():
            _allow(ruleset, path, every_right if Path(path).is_dir() else every_right & ~_READ_DIR & ~0x3FF0)
        _checked(_libc.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there need not be allowed
    try:
        rule = struct.pack("=Qi", rights, beneath)
        _checked(_libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
    finally:
        os.close(beneath)


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result
