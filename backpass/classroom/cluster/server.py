"""The process on a node that holds the graders and a zygote, and forks the processes that grade there.

Dask's worker has threads, so it may not fork; and nothing that it is connected with is to be inherited by what runs
submissions. So it starts this one afresh, with one socket.
"""

from __future__ import annotations

import multiprocessing
import socket
import sys
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle
from typing import Any

from backpass.course.manifest import Course, CourseError, find_root
from backpass.worker.threads import one_thread_a_process

DEVICES = ("cpu",)


@dataclass(frozen=True)
class Report:
    """What a node says of itself: `basis` is what its marks depend on (see `backpass.classroom.fingerprint`)."""

    host: str
    basis: dict[str, Any]
    isolation: str
    layers: tuple[str, ...]
    doors: tuple[str, ...]


def main(fd: int) -> None:
    """Serve on the socket `fd` until it closes. What comes and goes: see `backpass.classroom.cluster.node.Node`."""
    with Connection(fd) as orders:
        try:
            _serve(orders, orders.recv())
        except EOFError:
            return
        except Exception as error:
            orders.send(f"{type(error).__name__}: {error}")


def _serve(orders: Connection, course: Course) -> None:
    if sys.platform != "linux":
        raise CourseError(f"nodes need Linux, and this is {sys.platform}")
    one_thread_a_process()
    from backpass.classroom.fingerprint import basis
    from backpass.classroom.pool import Pool, exit_in_words, serve
    from backpass.explaining.grader import HiddenGrader

    course = replace(course, root=find_root())
    fork: Any = multiprocessing.get_context("fork")
    running: dict[int, BaseProcess] = {}
    with Pool(course, 1, DEVICES) as pool:
        found = basis(course, DEVICES, pool.isolation, pool.layers)
        orders.send(Report(socket.gethostname(), found, pool.isolation, pool.layers, tuple(pool.doors)))
        units = orders.recv()  # it is to grade, and these are what a class hands in
        grader = HiddenGrader(course)
        grader.freeze(units, DEVICES)
        orders.send(None)
        while True:
            ended = orders.recv()
            if ended is None:
                with Connection(recv_handle(orders)) as theirs, pool.task(grader) as task:
                    process = fork.Process(target=serve, args=(theirs, task))
                    process.start()
                running[process.pid] = process
                orders.send(process.pid)
            else:
                process = running.pop(ended)
                process.join()
                orders.send(exit_in_words(process.exitcode or 0))
