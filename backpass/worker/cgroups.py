"""Control groups, see cgroups(7): what a zygote and all that it forks may take together, as the kernel counts it.

That counts what limits of single processes do not: memory of the kernel's in their name, and whatever they might start.
Groups may be made where a part of the tree is delegated, and nobody else is in it: in a service or scope of systemd's
with `Delegate=yes` (`systemd-run --user --scope -p Delegate=yes backpass grade ...`). Elsewhere nothing changes.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_CONTROLLERS = ("memory", "pids")
_PREFIX = "backpass-"
_AT_ONCE = 4  # workers of one submission: itself, the references, and the same again where its program is looked into
_PROCESSES = 4 * _AT_ONCE

_tree: list[Path | None] = []  # where groups may be made, once that is known


def enclose(pid: int, memory: int) -> bool:
    """Whether a process that is to fork workers, which may take `memory` bytes each, is in a group of its own now."""
    below = _below(pid)
    if below is None:
        return False
    for old in below.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody is in it
            old.rmdir()
    group = below / f"{_PREFIX}{pid}"
    try:
        group.mkdir(exist_ok=True)
        (group / "memory.max").write_text(str(_AT_ONCE * memory))
        (group / "pids.max").write_text(str(_PROCESSES))
        with contextlib.suppress(OSError):  # a kernel without it
            (group / "memory.swap.max").write_text("0")
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        return False
    return True


def _below(pid: int) -> Path | None:
    """The group in which others may be made; this process and `pid`, which it has forked, are in leaves of it then."""
    if not _tree:
        _tree.append(_delegated(pid))
    return _tree[0]


def _delegated(pid: int) -> Path | None:
    moved: list[tuple[int, Path]] = []
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        own = _ROOT / next(line[3:].lstrip("/") for line in lines if line.startswith("0::"))
        if not {*_CONTROLLERS} <= {*(own / "cgroup.controllers").read_text(encoding="utf-8").split()}:
            return None
        if os.geteuid() == 0 and Path("/run/systemd/system").is_dir():  # root may everything, and is not asked to
            os.getxattr(own, "trusted.delegate")
        # No group that has members may have others with controllers below it.
        for each in (os.getpid(), pid):
            leaf = own / f"{_PREFIX}{each}"
            leaf.mkdir()
            moved.append((each, leaf))
            (leaf / "cgroup.procs").write_text(str(each))
        (own / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in _CONTROLLERS))
    except (OSError, StopIteration):
        for each, leaf in moved:
            with contextlib.suppress(OSError):
                (own / "cgroup.procs").write_text(str(each))
                leaf.rmdir()
        return None
    return own
