"""The machine on which `backpass grade --cluster` was typed: it reads submissions, shares them out, takes results."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn
from uuid import uuid4

import dask
from distributed import CancelledError, Client, Future, wait

from backpass.classroom.cluster.node import dismiss, grade_batch, greet
from backpass.classroom.cluster.server import DEVICES, Report
from backpass.classroom.fingerprint import basis, differences, grading_hash
from backpass.classroom.pool import MOST_LOST, GradingStopped, Pool, not_graded
from backpass.classroom.results import SubmissionResult
from backpass.course.manifest import Course
from backpass.student.hand_ins import HandIn
from backpass.student.submission import Submission, read_submission
from backpass.worker.sandbox import Isolation, incomplete

_SECONDS_TO_CONNECT = 10
_PATIENCE = 180.0  # seconds without any worker that may grade; on a queue they need time to come
_WAITING = "waiting"
_OTHERS_COME = 30.0  # seconds in which, after one that is refused, another may start: nodes do not start at once
_LOOK_AROUND = 1.0  # seconds between two looks at which workers there are
_SECONDS_TO_FETCH = 30
_LARGEST_BATCH = 8
_LARGEST_BATCH_BYTES = 1 << 20
_MOST_GREETINGS = 3  # of one worker, whose processes end again and again


@dataclass
class _Batch:
    submissions: list[Submission]
    losses: int = 0  # of workers that were at it


@dataclass
class _Member:
    """A worker of the cluster; `batches` that it has been given, the oldest first."""

    address: str
    places: int
    greeting: Future[Report | str] | None = None
    greetings: int = 0
    host: str = ""
    admitted: bool = False
    lost_in_a_row: int = 0
    batches: dict[Future[list[SubmissionResult | str] | None], _Batch] = field(default_factory=dict)


class Cluster:
    """A context that grades submissions on the workers of a Dask scheduler, and is used as a `Pool` is.

    A worker grades when all that marks depend on is there as it is here, and the sandbox is complete; with
    `Isolation.process` whatever its sandbox is. `tell` takes sentences on workers that are refused or lost.
    GradingStopped where there is no scheduler at `address`, or no worker that may grade.

    Each batch is given to one worker by name: only those that may grade are to get any, and it has to be known who was
    at it when a worker is lost. Few are under way at a time, so memory does not grow with the class.
    """

    def __init__(self, course: Course, address: str, isolation: Isolation, tell: Callable[[str], None]) -> None:
        self.course = course
        self._address = address
        self._any_isolation = isolation is Isolation.process
        self._tell = tell
        self._run = uuid4().hex
        self._members: dict[str, _Member] = {}
        self._again: deque[_Batch] = deque()
        self._told: set[str] = set()  # what is told once: hosts, and _WAITING
        self._looked = self._had_workers = self._refused = 0.0

    def __enter__(self) -> Cluster:
        for name in ("distributed", "distributed.client"):  # what matters is told here, in one sentence
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(self._address, timeout=_SECONDS_TO_CONNECT)
        except (OSError, ValueError) as error:
            raise GradingStopped(
                f"No scheduler answers at {self._address!r} ({error}). `dask scheduler` displays the address of the "
                "one that it starts, such as tcp://10.0.0.1:8786."
            ) from None
        try:
            with Pool(self.course, 1, DEVICES) as here:
                self._basis = basis(self.course, DEVICES, here.isolation, here.layers)
                # Where any isolation will do, marks do not rest on that of this machine, on which nothing is graded.
                self.hash = (
                    grading_hash(self.course, DEVICES, Isolation.process, ()) if self._any_isolation else here.hash
                )
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def grade(self, hand_ins: Sequence[HandIn]) -> Iterator[SubmissionResult]:
        """The results, as batches of them are there; a submission is read when a worker is free for it."""
        batches = self._batches(hand_ins)
        upcoming = next(batches, None)
        if upcoming is None:
            return
        self._had_workers = time.monotonic()
        try:
            while upcoming or self._again or any(member.batches for member in self._members.values()):
                yield from self._look_around()
                for place in self._free_places():
                    if self._again:
                        self._hand(place, self._again.popleft())
                    elif upcoming:
                        self._hand(place, upcoming)
                        upcoming = next(batches, None)
                self._wait()
                for member in self._members.values():
                    self._take_greeting(member)
                    yield from self._take_results(member)
        finally:
            self._end()

    def _batches(self, hand_ins: Sequence[HandIn]) -> Iterator[_Batch]:
        most = max(1, min(_LARGEST_BATCH, len(hand_ins) // 32))  # of few, each is an errand of its own
        batch: list[Submission] = []
        size = 0
        for hand_in in hand_ins:
            submission = read_submission(hand_in, self.course.functions)
            batch.append(submission)
            size += sum(map(len, submission.sources.values()))
            if len(batch) == most or size > _LARGEST_BATCH_BYTES:
                yield _Batch(batch)
                batch, size = [], 0
        if batch:
            yield _Batch(batch)

    def _look_around(self) -> Iterator[SubmissionResult]:
        """Greet workers that have come, and take back what those had that are gone."""
        if time.monotonic() < self._looked + _LOOK_AROUND:
            return
        try:
            present: dict[str, int] = self._client.nthreads() if self._client.status == "running" else self._lost()
        except OSError:
            self._lost()
        self._looked = time.monotonic()
        for address in self._members.keys() - present.keys():
            member = self._members.pop(address)
            if member.admitted:
                self._tell(f"{member.host} ({address}) is lost. What it was at is graded on other workers.")
            elif member.greeting is not None and (host := address.rpartition(":")[0]) not in self._told:
                self._told.add(host)
                self._tell(f"The worker {address} is lost before it was ready. Is the kit installed there?")
            for number, (future, batch) in enumerate(member.batches.items()):
                future.cancel()
                if number < member.places:  # it was at this one; the others had not begun
                    yield from self._once_more(batch)
                else:
                    self._again.append(batch)
        for address, places in present.items():
            member = self._members.setdefault(address, _Member(address, places))
            if not member.admitted and member.greeting is None and member.greetings < _MOST_GREETINGS:
                member.greetings += 1
                member.greeting = self._client.submit(
                    greet, self._run, member.greetings, self.course, workers=[address], pure=False
                )
        self._see_that_there_are_workers()

    def _see_that_there_are_workers(self) -> None:
        members = self._members.values()
        if any(member.admitted for member in members):
            self._had_workers = time.monotonic()
        elif self._are_all_refused():
            raise GradingStopped(
                f"No worker of {self._address} may grade. When that is mended, type the same command again: it goes on "
                "with what has not been graded."
            )
        elif time.monotonic() > self._had_workers + _PATIENCE:
            raise GradingStopped(
                f"{self._address} has had no worker that can grade for {_PATIENCE:g} s. Start some "
                f"(`dask worker {self._address}`) and type the same command again: it goes on with what has not been "
                "graded."
            )
        elif not members and _WAITING not in self._told:
            self._told.add(_WAITING)
            self._tell(f"{self._address} has no workers now. Waiting for some.")

    def _are_all_refused(self) -> bool:
        """Whether there are workers, and none that may grade, nor one that starts a little later than these."""
        asked = any(member.greeting for member in self._members.values())
        return bool(self._members) and not asked and time.monotonic() > self._refused + _OTHERS_COME

    def _once_more(self, batch: _Batch) -> Iterator[SubmissionResult]:
        """What becomes of a batch at which a worker was lost: it may be the reason."""
        batch.losses += 1
        if batch.losses < 2:
            self._again.append(batch)
        elif len(batch.submissions) > 1:
            self._again.extend(_Batch([submission]) for submission in batch.submissions)
        else:
            yield self._without_result(batch.submissions[0], "the worker of the cluster that was at it was lost")

    def _free_places(self) -> Iterator[_Member]:
        """Members that can take a batch, one after the other: one for each thread, and then one to go on with."""
        for depth in (1, 2):
            for member in self._members.values():
                while member.admitted and len(member.batches) < depth * member.places:
                    before = len(member.batches)
                    yield member
                    if len(member.batches) == before:
                        return

    def _hand(self, member: _Member, batch: _Batch) -> None:
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "64MiB"}):
            future = self._client.submit(
                grade_batch, self._run, member.greetings, batch.submissions, workers=[member.address], pure=False
            )
        member.batches[future] = batch

    def _wait(self) -> None:
        """Until something is there, or it is time to look around."""
        futures = [
            future
            for member in self._members.values()
            for future in (*member.batches, *([member.greeting] if member.greeting else []))
        ]
        if not futures:
            time.sleep(_LOOK_AROUND)
            return
        try:
            with contextlib.suppress(TimeoutError):
                wait(futures, timeout=_LOOK_AROUND, return_when="FIRST_COMPLETED")
        except CancelledError:
            self._lost()

    def _take_greeting(self, member: _Member) -> None:
        if member.greeting is None or not member.greeting.done():
            return
        try:
            report = member.greeting.result(timeout=_SECONDS_TO_FETCH)
        except TimeoutError:
            return  # it is lost, which will be seen
        except CancelledError:
            self._lost()
        except Exception as error:
            report = _in_a_line(error)
        member.greeting = None
        if isinstance(report, str):
            self._refuse(member, report)
            return
        member.host = report.host
        if report.doors and not self._any_isolation:
            said = incomplete(report.doors, report.layers, "there")
            self._refuse(member, f"{said[0].lower()}{said[1:]} Accept this with --isolation process")
            return
        here = self._basis
        if self._any_isolation:
            here = {**here, "isolation": report.isolation, "layers": report.layers}
        if different := differences(report.basis, here):
            self._refuse(member, "marks would not be those of this machine: " + "; ".join(different))
            return
        member.admitted = True

    def _take_results(self, member: _Member) -> Iterator[SubmissionResult]:
        for future in [future for future in member.batches if future.done()]:
            try:
                results = future.result(timeout=_SECONDS_TO_FETCH)
            except TimeoutError:
                continue  # the worker is lost, which will be seen
            except CancelledError:
                self._lost()
            except Exception as error:
                self._again.append(member.batches.pop(future))
                if member.admitted:
                    self._refuse(member, _in_a_line(error))
                continue
            batch = member.batches.pop(future)
            if results is None:
                if not member.admitted:
                    self._again.append(batch)  # it had not begun
                elif member.greetings == _MOST_GREETINGS:
                    self._refuse(member, f"the process with the graders ended {_MOST_GREETINGS} times")
                    yield from self._once_more(batch)
                else:
                    member.admitted = False  # until it has been greeted again
                    yield from self._once_more(batch)
                continue
            for submission, result in zip(batch.submissions, results, strict=True):
                if isinstance(result, str):
                    member.lost_in_a_row += 1
                    yield self._without_result(submission, result)
                else:
                    member.lost_in_a_row = 0
                    yield replace(result, grading_hash=self.hash)
            if member.admitted and member.lost_in_a_row >= MOST_LOST:
                self._refuse(member, f"{member.lost_in_a_row} submissions in a row could not be graded there")

    def _without_result(self, submission: Submission, why: str) -> SubmissionResult:
        return replace(not_graded(self.course, submission, why), isolation=str(self._basis["isolation"]))

    def _refuse(self, member: _Member, why: str) -> None:
        member.admitted = False
        member.greetings = _MOST_GREETINGS
        self._refused = time.monotonic()
        self._tell(f"{member.host or 'The worker'} ({member.address}) grades nothing: {why}.")

    def _lost(self) -> NoReturn:
        raise GradingStopped(
            f"The scheduler at {self._address} is lost. What had been graded is in the results; the same command goes "
            "on from there."
        )

    def _end(self) -> None:
        """Leave nothing running on the nodes."""
        if self._client.status != "running":
            return  # each node ends by itself
        with contextlib.suppress(OSError):
            for member in self._members.values():
                self._client.cancel([*member.batches, *([member.greeting] if member.greeting else [])])
            self._client.run(dismiss, self._run, on_error="ignore")


def _in_a_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(".")
