"""What Dask's workers do: start the processes that grade on their machine, and hand submissions to them.

No code of a student is loaded here, nor torch.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING

from distributed import Worker, WorkerPlugin, get_worker

from backpass.classroom.known import MOST_FUNCTIONS, Found
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course
from backpass.student.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpass.classroom.cluster.server import Report

# With nothing to do for so long it ends: the run was killed, and could not say that it is over.
_IDLE_SECONDS = 600.0
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from backpass.classroom.cluster.server import main; main(int(sys.argv[2]))"
)

_nodes: dict[tuple[str, int], Node] = {}  # by run and greeting: what is left of a lost one is not for the next
_over: set[str] = set()  # runs
_lock = Lock()


def greet(run: str, greeting: int, course: Course) -> Report | str:
    """Get ready for a run; what this node is, or in words why it cannot grade."""
    with _lock:
        if run in _over:
            return "the run is over"
        _nodes[run, greeting] = node = Node(course)
    worker = get_worker()
    worker.loop.add_callback(worker.plugin_add, _EndWithTheWorker(run, greeting))
    try:
        with node.at_work():
            return node.report()
    except NodeLost as error:
        _forget(run, greeting)
        return str(error)


def grade_batch(run: str, greeting: int, submissions: list[Submission]) -> list[SubmissionResult | str] | None:
    """The results, each in words where grading has failed twice; None where this node has to be greeted again."""
    node = _nodes.get((run, greeting))
    if node is None:
        return None
    try:
        with node.at_work():
            return [node.grade(submission) for submission in submissions]
    except NodeLost:
        _forget(run, greeting)
        return None


def dismiss(run: str) -> None:
    """End all that a run has started here, whatever it is at."""
    with _lock:
        _over.add(run)
        greetings = [greeting for each, greeting in _nodes if each == run]
    for greeting in greetings:
        _forget(run, greeting)


class _EndWithTheWorker(WorkerPlugin):
    def __init__(self, run: str, greeting: int) -> None:
        self.name = f"{run}-{greeting}"  # of two with the same name Dask tears the first down
        self._of = run, greeting

    def teardown(self, worker: Worker) -> None:
        _forget(*self._of)


def _forget(run: str, greeting: int) -> None:
    with _lock:
        node = _nodes.pop((run, greeting), None)
    if node is not None:
        node.close()


class NodeLost(Exception):
    """The process with the graders has ended, or could not begin; the text says how."""


@dataclass
class _Grader:
    """A process that grades; `told`: of how many functions that are right."""

    connection: Connection
    pid: int
    told: int = 0


class Node:
    """The processes of one run on this machine: a server with the graders, and the forks of it that grade."""

    def __init__(self, course: Course) -> None:
        mine, theirs = socket.socketpair()
        with theirs:
            # Of what is open here, the sockets of Dask among it, it inherits `theirs` alone.
            command = [sys.executable, "-c", _BOOT, str(_PACKAGE_PARENT), str(theirs.fileno())]
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C at a worker's terminal is for the worker
            )
        self._orders = Connection(mine.detach())
        self._course = course
        self._report: Report | None = None
        self._prepared = False
        self._talking = Lock()
        self._idle: list[_Grader] = []
        self._right: list[Found] = []
        self._working = 0
        self._counting = Lock()
        self._alarm: Timer | None = None

    def report(self) -> Report:
        """What the node is; it takes seconds, the first time."""
        with self._conversation():
            if self._report is None:
                self._orders.send(self._course)
                self._report = self._answer()
        return self._report

    def grade(self, submission: Submission) -> SubmissionResult | str:
        """The result, or in words why there is none: a process that is lost is replaced, once."""
        why = ""
        for _ in range(2):
            try:
                grader = self._idle.pop()
            except IndexError:
                grader = self._start(submission)
            try:
                news = self._right[grader.told :]  # which other threads add to meanwhile
                grader.connection.send((submission, news))
                grader.told += len(news)
                answer, found = grader.connection.recv()
            except (EOFError, OSError):
                grader.connection.close()
                with self._conversation():
                    self._orders.send(grader.pid)
                    why = f"the grading process ended ({self._orders.recv()})"
                continue
            self._right += found[: max(0, MOST_FUNCTIONS - len(self._right))]
            self._idle.append(grader)
            if isinstance(answer, SubmissionResult):
                return answer
            why = answer
        return why

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Something is being graded: for some time after it, the node stays warm."""
        with self._counting:
            self._working += 1
            if self._alarm is not None:
                self._alarm.cancel()
        try:
            yield
        finally:
            with self._counting:
                self._working -= 1
                if not self._working:
                    self._alarm = Timer(_IDLE_SECONDS, self.close)
                    self._alarm.daemon = True
                    self._alarm.start()

    def close(self) -> None:
        """End the server, and with it all that it has forked: who waits for them sees it."""
        with self._counting:
            if self._alarm is not None:
                self._alarm.cancel()
        self._server.kill()
        self._server.wait()

    def _start(self, first: Submission) -> _Grader:
        mine, theirs = socket.socketpair()
        with theirs, self._conversation():
            if not self._prepared:
                self._orders.send(set(first.sources))
                self._answer()
                self._prepared = True
            self._orders.send(None)
            send_handle(self._orders, theirs.fileno(), None)
            return _Grader(Connection(mine.detach()), self._orders.recv())

    def _answer(self) -> Report:
        answer: Report | str = self._orders.recv()
        if isinstance(answer, str):
            raise NodeLost(answer)
        return answer

    @contextmanager
    def _conversation(self) -> Iterator[None]:
        with self._talking:
            try:
                yield
            except (EOFError, OSError):
                with suppress(subprocess.TimeoutExpired):
                    self._server.wait(1)
                raise NodeLost(f"the process with the graders ended ({self._server.returncode})") from None
