"""The process that workers are forked from: torch is imported once, and nothing of the course is in it.

It starts before any submission is known, so a fork of it is a fresh, warm interpreter in a few ms. Over its
control socket it takes one order at a time: fork a worker that speaks on the socket passed along, fork
another zygote, or collect the exit status of a child. When the grader goes away, all of them end.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Iterable
from importlib import import_module
from typing import NoReturn

from backpass.worker.confinement import Confinement, WarmSize

FORK = b"F"
SPLIT = b"S"
REAP = b"R"
ORDER = struct.Struct(">ci")
REPLY = struct.Struct(">ii")  # pid, wait status
TALK_SIZE = 512  # of the JSON before the orders: the confinement that is asked for, the layers that took hold
START_SECONDS = 120.0

# The whole environment of a zygote. One thread before the first import: a fork keeps only the thread
# that forks. The allocator's settings keep freed memory for the next call, where a fork has touched it already.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "MALLOC_TOP_PAD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # else torch's compiler looks for one where nothing may be written
}

# What few submissions need, and what takes as long to load as all the rest: modules, by the words in a source that ask
# for them. Torch's optimizers, `torch.func.grad` and a few more bring its compiler.
_BRINGS_THE_COMPILER = b"optim|func|functorch|checkpoint|compile|jit|flop_counter"
RARE = (
    ("scipy.special", re.compile(rb"\bscipy\b")),
    # Of torch, and not a variable that is called `func`.
    (
        "torch._dynamo",
        re.compile(rb"(?:\.\s*|import(?:[ \t]+[\w \t,]*|\s*\([\w\s,]*)\b)(?:" + _BRINGS_THE_COMPILER + rb")\b"),
    ),
)
_DOCSTRING = re.compile(rb'""".*?"""', re.DOTALL)


def rare_in(sources: Iterable[bytes]) -> int:
    """Which of `RARE` a submission with these sources asks for, as bits of the number in an order to fork."""
    found = 0
    for source in sources:
        code = _DOCSTRING.sub(b"", source)  # those of stubs say which function of torch does the same
        for place, (name, words) in enumerate(RARE):
            # Scipy is watched once it is loaded, so nobody may hide it in what looks like a docstring.
            found |= bool(words.search(source if name == "scipy.special" else code)) << place
    return found


def main(control_fd: int, import_path: str) -> NoReturn:
    """Be a zygote, controlled by the socket `control_fd`, in a process that has imported nothing yet."""
    warm_up()
    be_a_zygote(socket.socket(fileno=control_fd), import_path)


def be_a_zygote(control: socket.socket, import_path: str) -> NoReturn:
    """Confine this process, which is warm, as the other end of `control` asks; take its orders until it closes."""
    _guard()
    _forget_the_course(import_path)
    asked = control.recv(TALK_SIZE, socket.MSG_WAITALL)
    if len(asked) < TALK_SIZE:  # nobody needs it
        os._exit(0)
    confinement = Confinement(**json.loads(asked))
    active, warm_size = confinement.apply_to_zygote()
    _keep_what_is_warm()
    control.sendall(talk(active))
    _take_orders(control, confinement, warm_size)


def talk(value: object) -> bytes:
    """`value` as it is said before the orders."""
    return json.dumps(value).encode().ljust(TALK_SIZE)


def _take_orders(control: socket.socket, confinement: Confinement, warm_size: WarmSize) -> NoReturn:
    children: set[int] = set()
    while True:
        try:
            order, fds, _, _ = socket.recv_fds(control, ORDER.size, 1)
        except OSError:
            order = b""
        if len(order) < ORDER.size:
            break
        command, pid = ORDER.unpack(order)
        if command in (FORK, SPLIT):
            _load(pid)
            size = warm_size.read()
            pid = os.fork()
            if pid == 0:
                control.close()
                if command == SPLIT:
                    _take_orders(socket.socket(fileno=fds[0]), confinement, warm_size)
                _worker(fds[0], confinement, size)
            os.close(fds[0])
            children.add(pid)
            _reply_with_pidfd(control, pid)
        elif command == REAP and pid in children:
            children.discard(pid)
            _, status = os.waitpid(pid, 0)
            control.sendall(REPLY.pack(pid, status))
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in children:
        os.waitpid(pid, 0)
    os._exit(0)


def _load(which: int) -> None:
    """Load those of `RARE` that are asked for, once for all workers to come."""
    missing = [name for place, (name, _) in enumerate(RARE) if which >> place & 1 and name not in sys.modules]
    for name in missing:
        with contextlib.suppress(ImportError):
            import_module(name)
    if missing:
        _keep_what_is_warm()


def _keep_what_is_warm() -> None:
    """It is not garbage: a collection in a worker must not touch, and so copy, its pages."""
    gc.freeze()
    gc.enable()


def _reply_with_pidfd(control: socket.socket, pid: int) -> None:
    if hasattr(os, "pidfd_open"):
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [REPLY.pack(pid, 0)], [pidfd])
        os.close(pidfd)
    else:
        control.sendall(REPLY.pack(pid, 0))


def warm_up() -> None:
    """Import and run once what submissions use, with a single thread: a fork must not lose one."""
    gc.disable()  # until what is warm is kept: it would go through all of torch again and again
    import numpy
    import torch

    import backpass.worker.student_side  # noqa: F401
    from backpass.worker import lean, simulated

    torch.set_num_threads(1)
    lean.put_in_place()
    numpy.random.random()
    x = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    out = torch.logsumexp(x @ x, -1)
    torch.autograd.grad(out, [x], torch.ones_like(out))
    torch.randn(2, generator=torch.Generator().manual_seed(0))
    for norm in (torch.linalg.vector_norm, torch.norm):
        norm(x)
    torch.linalg.lstsq(x.detach(), x.detach())
    torch.linalg.svd(x.detach())
    torch.func.vmap(torch.exp)(x)
    torch.einsum("ij,jk->ik", x, x)
    repr(x)
    simulated.warm_up()
    with warnings.catch_warnings(record=True):
        warnings.warn("the first one imports what displays them", stacklevel=1)


def _guard() -> None:
    """Change torch in this process as strangers' code has it."""
    import torch

    from backpass.worker import guards, operators, shortcuts

    # A worker may not start threads, and asking for more is no reason to die.
    torch.set_num_threads = lambda num: None  # type: ignore[assignment]
    # Nor processes, with which torch.compile would make the same function faster.
    torch.compile = lambda model=None, **_: model or (lambda function: function)  # type: ignore[assignment]
    guards.put_in_place()
    operators.put_in_place()
    shortcuts.put_in_place()


def _forget_the_course(import_path: str) -> None:
    """Take the course's folder off the import path: only its worker modules stay, in memory, for this process."""
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != os.path.realpath(import_path)]
    # An editable install adds a finder of its own for the project.
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__ + repr(finder)]
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    sys.orig_argv[:] = []


def _worker(fd: int, confinement: Confinement, warm_size: int) -> NoReturn:
    from backpass.worker.student_side import serve

    status = 1
    try:
        os.setsid()
        # The standard streams are /dev/null, as the zygote's output is, and there is one socket: the one to serve.
        os.dup2(1, 2)
        served = os.dup2(fd, 3) if fd != 3 else fd
        os.closerange(4, 1024)
        for name in [name for name in sys.modules if name.partition(".")[0] == "backpass"]:
            del sys.modules[name]  # not for a submission to find
        confinement.apply_to_worker(warm_size)
        serve(socket.socket(fileno=served))
        status = 0
    finally:
        os._exit(status)
