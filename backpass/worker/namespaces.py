"""Namespaces: users, processes, IPC, mounts, network and names of their own for a zygote and all that it forks.

See namespaces(7). What is outside is out of sight rather than refused: other processes, networks, all files but the
folders that are named, which cannot be changed. When the first process in them ends, the kernel ends all others. An
ordinary user may make them on most systems; some containers and distributions forbid it, and then nothing is changed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_ALL = 0x10000000 | 0x20000000 | 0x08000000 | 0x00020000 | 0x40000000 | 0x04000000  # CLONE_NEW: USER PID IPC NS NET UTS
_BIND, _RECURSIVELY, _PRIVATE, _DETACH = 1 << 12, 1 << 14, 1 << 18, 2
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _READ_ONLY, _NO_SETUID = 442, -100, 0x8000, 1, 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_BASE, _OLD = "/tmp", "/old"  # where the new root begins, where nothing is written, and where the old one is meanwhile
_LINKS = ("/etc/alternatives",)  # by which distributions have libraries point to others
_PR_SET_DUMPABLE = 4

_libc: Any = None
with contextlib.suppress(TypeError):  # Windows
    _libc = ctypes.CDLL(None, use_errno=True)


def enter(readable: Iterable[str]) -> bool:
    """Whether what goes on is a fork of this process in namespaces of its own, where `hide_files` can do its work.

    This process waits for the fork, and ends when it does.
    """
    trial = os.fork()
    if trial == 0:
        with contextlib.suppress(BaseException):
            _unshare()
            hide_files(readable)
            os._exit(0)
        os._exit(1)
    if os.waitpid(trial, 0)[1] != 0:
        return False
    _unshare()
    first = os.fork()
    if first != 0:
        os.closerange(3, 4096)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF)
    return True


def _unshare() -> None:
    user, group = os.geteuid(), os.getegid()
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # else the files below are root's, where root has become nobody
    _checked(_libc.unshare(_ALL))
    for file, content in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        opened = os.open(f"/proc/self/{file}", os.O_WRONLY)
        os.write(opened, content.encode())
        os.close(opened)


def hide_files(readable: Iterable[str]) -> None:
    """Leave nothing of the file system but `readable` files and folders, and those as they are."""
    paths = sorted({*readable, *_LINKS})
    sources = {path: os.path.realpath(path) for path in paths if Path(path).exists()}
    _mount(None, "/", _RECURSIVELY | _PRIVATE)
    _mount("tmpfs", _BASE, 0, "tmpfs")
    Path(_BASE + _OLD).mkdir()
    _checked(_libc.syscall(_PIVOT_ROOT[platform.machine()], _BASE.encode(), (_BASE + _OLD).encode()))
    os.chdir("/")
    for path, source in sources.items():
        target = Path(path)
        if target.exists():  # below one that was mounted
            continue
        if Path(_OLD + source).is_dir():
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        _mount(_OLD + source, path, _BIND | _RECURSIVELY)
    _checked(_libc.umount2(_OLD.encode(), _DETACH))
    Path(_OLD).rmdir()
    attributes = struct.pack("QQQQ", _READ_ONLY | _NO_SETUID, 0, 0, 0)
    _checked(_libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, ctypes.c_size_t(32)))


def _mount(source: str | None, target: str, flags: int, kind: str | None = None) -> None:
    arguments = (each and each.encode() for each in (source, target, kind))
    _checked(_libc.mount(*arguments, ctypes.c_ulong(flags), None))


def _checked(result: int) -> None:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Namespaces: {os.strerror(error)}")
