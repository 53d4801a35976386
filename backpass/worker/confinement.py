"""What a zygote and its workers give up before they see a submission: layer upon layer, each for good.

`limits` (rlimits), `privileges` (no new ones, no capabilities, no core dumps and no tracing), `namespaces` (other
processes, files and networks are out of sight), `landlock` (files, ports, signals to others) and `seccomp` (system
calls). Elsewhere than on Linux only the limits exist.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backpass.worker import landlock, namespaces, seccomp

LAYERS = ("limits", "privileges", "namespaces", "landlock", "seccomp")
LIMITS, PRIVILEGES, NAMESPACES, LANDLOCK, SECCOMP = LAYERS

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522
_SIGKILL = 9
_OPEN_FILES = 64
_NOBODY = 65534

# Beside the folders of Python and its libraries.
READABLE = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/dev/null", "/dev/urandom", "/dev/zero")
# Where this Python has its libraries.
PYTHON_FOLDERS = tuple(f"{prefix}/{name}" for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64"))
# What a process needs to start CUDA.
_CUDA_READABLE = ("/sys", "/proc", "/etc", "/usr/local/cuda", "/opt")
_CUDA_DEVICES = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia-caps")

_linux = sys.platform == "linux"
_libc: Any = None
resource: Any = None
with contextlib.suppress(TypeError, ModuleNotFoundError):  # Windows, where nothing is confined, has neither
    _libc = ctypes.CDLL(None, use_errno=True)
    import resource


@dataclass(frozen=True)
class Confinement:
    """How workers are to be confined. `memory`: bytes that a submission may add to the warm process.

    `cpu_seconds`: after so many a worker is killed. `cuda`: leave open what CUDA needs, which is a lot: its
    devices, threads, and more address space than can be limited. `landlock`: use no newer version of it.
    """

    layers: tuple[str, ...] = LAYERS
    memory: int = 1 << 30
    cpu_seconds: int = 600
    cuda: bool = False
    landlock: int = landlock.NEWEST

    def apply_to_zygote(self) -> tuple[tuple[str, ...], WarmSize]:
        """Confine this process and all that it will fork; the layers that took hold, and what tells its size.

        What goes on may be a fork of this process.
        """
        active = []
        imports = (entry for entry in sys.path if entry)
        readable = (*READABLE, *PYTHON_FOLDERS, *imports, *(_CUDA_READABLE if self.cuda else ()))
        if SECCOMP in self.layers and _linux and seccomp.load(cuda=self.cuda):
            active.append(SECCOMP)
        if PRIVILEGES in self.layers and _linux and not self.cuda:
            _become_nobody()
        hidden = NAMESPACES in self.layers and _linux and not self.cuda and namespaces.enter(readable)
        warm_size = WarmSize()
        if hidden:
            end_with_parent()
            namespaces.hide_files(readable)
            active.append(NAMESPACES)
        if _linux and {LANDLOCK, SECCOMP} & set(self.layers):
            _prctl(_PR_SET_NO_NEW_PRIVS, 1)  # both ask for it
        if LANDLOCK in self.layers and _linux:
            devices = _CUDA_DEVICES if self.cuda else ()
            if landlock.restrict(self.landlock, readable, devices) >= landlock.COMPLETE:
                active.append(LANDLOCK)
        if PRIVILEGES in self.layers and _linux:
            _give_up_privileges()
            active.append(PRIVILEGES)
        if LIMITS in self.layers:
            active.append(LIMITS)
        return tuple(layer for layer in LAYERS if layer in active), warm_size

    def apply_to_worker(self, warm_size: int) -> None:
        """Confine this process, forked from a zygote of `warm_size` bytes, before it reads a submission."""
        end_with_parent()
        if LIMITS in self.layers:
            self._limit(warm_size)
        # A domain of its own: siblings are out of reach too, not only what is above the zygote.
        if LANDLOCK in self.layers and _linux:
            landlock.restrict(self.landlock, files=False)
        if SECCOMP in self.layers and _linux:
            seccomp.install(seccomp.load(cuda=self.cuda))

    def _limit(self, warm_size: int) -> None:
        limits = [
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CPU, self.cpu_seconds),
        ]
        if not self.cuda:
            limits += [(resource.RLIMIT_NOFILE, _OPEN_FILES), (resource.RLIMIT_NPROC, 0)]
            if warm_size:
                limits.append((resource.RLIMIT_AS, warm_size + self.memory))
        for kind, most in limits:
            resource.setrlimit(kind, (most, most))


def end_with_parent() -> None:
    """Be killed when the process that started this one ends, where the system can do that."""
    if _linux:
        _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


class WarmSize:
    """The address space of this process in bytes, readable also when files are out of reach; 0 where unknown.

    In a fork it goes on telling the size of the process that made it, which is the fork's too.
    """

    def __init__(self) -> None:
        self._file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC) if _linux else None

    def read(self) -> int:
        if self._file is None:
            return 0
        pages = int(os.pread(self._file, 100, 0).split()[0])
        return pages * int(resource.getpagesize())


def _become_nobody() -> None:
    """For root: be a user to whom no file belongs, where any user can read Python, which goes on importing."""
    if os.geteuid() != 0:
        return
    os.seteuid(_NOBODY)
    entries = [entry for entry in sys.path if entry and Path(entry).suffix != ".zip"]
    is_readable = all(os.access(entry, os.R_OK | os.X_OK, effective_ids=True) for entry in entries if "__" not in entry)
    os.seteuid(0)
    if is_readable:
        with contextlib.suppress(OSError):  # in a namespace that has no other users
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _give_up_privileges() -> None:
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # no more of them, or none to drop
    header, nothing = struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24)
    if _libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "the capabilities could not be dropped")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} failed")
