"""`backpass watch` in a terminal: saves and keys are noticed while a verdict is being made, and a new save ends it."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console

from backpass.course.manifest import Course, Exercise
from backpass.studying import keyboard
from backpass.studying.watch import Watch

if TYPE_CHECKING:
    from backpass.judging.result import ExerciseResult
    from backpass.studying.judge import Judge, Verdict

DEBOUNCE, STEP = 40, 10  # milliseconds: editors write a file in several steps
T = TypeVar("T")


@dataclass(frozen=True)
class Event:
    """Something to react to: `kind` is saved, key, judged or end. `key`: which was pressed; `then`: what to call."""

    kind: str
    key: str = ""
    then: Callable[[], Any] | None = None


def run(course: Course, console: Console) -> None:
    """React to saves and keys until q, Ctrl-C, or the end of the input; a new save ends the verdict on the old one."""
    events: queue.Queue[Event] = queue.Queue()
    stopped = threading.Event()
    jobs = _Jobs(course, events)
    watch = Watch(course, jobs, console, jobs.launch)
    threads = [threading.Thread(target=_saves, args=(course.root / "starter", events, stopped), daemon=True)]
    with contextlib.ExitStack() as resources:
        if sys.stdin.isatty():
            resources.enter_context(keyboard.single_keys())
            threads.append(threading.Thread(target=_keys, args=(events, stopped), daemon=True))
        resources.callback(jobs.close)
        resources.callback(stopped.set)
        watch.judged()
        for thread in threads:
            thread.start()
        with contextlib.suppress(KeyboardInterrupt):
            for event in iter(events.get, Event("end")):
                if event.then is not None:
                    event.then()
                elif event.kind == "saved":
                    watch.saved()
                elif not watch.pressed(event.key):
                    break


class _Jobs:
    """Verdicts in the making: one at a time, in a thread, so that keys and saves are noticed meanwhile.

    They are a `Judge`'s, which the first of them brings about: torch takes a while, and the screen is there at once.
    """

    def __init__(self, course: Course, events: queue.Queue[Event]) -> None:
        self._course, self._events = course, events
        self._judge: Judge | None = None
        self._thread: threading.Thread | None = None
        self._number = 0

    def verdict(self, exercise: Exercise, sources: dict[str, bytes]) -> Verdict:
        """As `Judge.verdict`."""
        return self._made().verdict(exercise, sources)

    def hidden(self, exercises: Sequence[Exercise], sources: dict[str, bytes]) -> list[ExerciseResult]:
        """As `Judge.hidden`."""
        return self._made().hidden(exercises, sources)

    def launch(self, work: Callable[[], T], then: Callable[[T], Any]) -> None:
        """Begin with `work`; nobody waits any more for what was begun before."""
        self.end()
        number = self._number

        def job() -> None:
            from backpass.judging.disposable import Aborted

            try:
                result = work()
                self._events.put(Event("judged", then=lambda: then(result) if number == self._number else None))
            except Aborted:
                pass
            except Exception as error:
                self._events.put(Event("failed", then=partial(_raise, error)))

        self._thread = threading.Thread(target=job, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the job that runs, if there is one."""
        self._number += 1
        if self._thread is None:
            return
        if self._judge is not None:
            self._judge.abort()
        self._thread.join()
        if self._judge is not None:
            self._judge.resume()
        self._thread = None

    def close(self) -> None:
        """End all of it."""
        self.end()
        if self._judge is not None:
            self._judge.__exit__()

    def _made(self) -> Judge:
        if self._judge is None:
            from backpass.studying.judge import Judge

            self._judge = Judge(self._course)
        return self._judge


def _raise(error: Exception) -> None:
    raise error


def _saves(folder: Path, events: queue.Queue[Event], stopped: threading.Event) -> None:
    import watchfiles

    for changes in watchfiles.watch(folder, debounce=DEBOUNCE, step=STEP, stop_event=stopped, rust_timeout=500):
        if any(path.endswith(".py") for _, path in changes):
            events.put(Event("saved"))


def _keys(events: queue.Queue[Event], stopped: threading.Event) -> None:
    for key in keyboard.keys(stopped):
        events.put(Event("key", key))
    events.put(Event("end"))
