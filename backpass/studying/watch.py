"""`backpass watch`: every save is noticed, what was edited is judged, and the screen says what to do next."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import select
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from backpass.course.manifest import Course, Exercise
from backpass.course.quizzes import all_done
from backpass.course.stubs import function_text, line_of, reset
from backpass.studying.progress import DONE, Progress

if TYPE_CHECKING:
    from backpass.studying.judge import Judge, Verdict

DEBOUNCE, STEP = 40, 10  # milliseconds: editors write a file in several steps
_DOCSTRING = re.compile(r'^    """.*?"""\n', re.DOTALL | re.MULTILINE)
WIDE = 120  # columns, from which two functions stand side by side
KEYS = "n next   h hint   l list   s solution   r reset   q quit"


@dataclass(frozen=True)
class Event:
    """Something to react to: `kind` is saved, key or end; `key` the key that was pressed."""

    kind: str
    key: str = ""


class Watch:
    """One session: what is being worked on, and what was said of it last."""

    def __init__(self, course: Course, judge: Judge, console: Console) -> None:
        self.course = course
        self.progress = Progress(course)
        self.current = self._open(None)
        self.passed: Exercise | None = None
        self._judge = judge
        self._console = console
        self._sources = self._read()
        self._question: str | None = None

    def saved(self) -> Verdict | None:
        """Judge the exercise that the last save changed; None where no function of the course was."""
        before, self._sources = self._sources, self._read()
        changed = self._changed(before)
        if changed is None and before == self._sources:
            return None
        self.current = changed or self.current
        return self.judged()

    def judged(self) -> Verdict | None:
        """Judge the exercise at hand and display what comes of it."""
        if self.current is None:
            self._display(Text(all_done(self.course)))
            return None
        verdict = self._judge.verdict(self.current, self._sources)
        self.progress.record({self.current.id: verdict.state})
        if verdict.state == DONE:
            self.passed = self.current
            self.current = self._open(self.current)
            self._display(self._congratulation(self.passed))
        else:
            colour = "yellow" if verdict.state is None else "red"
            head = Text.assemble((self.current.id, f"bold {colour}"), f"   {self.current.title}")
            self._display(Group(head, Text(""), Padding(Text(verdict.message), (0, 0, 0, 2))))
        return verdict

    def pressed(self, key: str) -> bool:
        """React to a key; False where it ends the session."""
        asked, self._question = self._question, None
        if key in ("q", "\x03"):
            return False
        if asked == "reset":
            self._reset(key)
        elif asked == "solution":
            if key == "y":
                self._show_solution(self.current)
            else:
                self.judged()
        elif key == "n":
            self.passed = None
            self.current = self._open(self.current)
            self.judged()
        elif key == "h":
            self._hint()
        elif key == "l":
            self._list()
        elif key == "s":
            self._solution()
        elif key == "r" and self.current is not None:
            self._ask("reset", f"Put the stub of {self.current.name} back? What you wrote is kept in a backup. y/n")
        elif key in ("\r", "\n", " "):
            self.judged()
        return True

    def _read(self) -> dict[str, bytes]:
        files = {unit: self.course.root / "starter" / f"{unit}.py" for unit in self.course.unit_names}
        sources = {}
        for unit, file in files.items():
            with contextlib.suppress(FileNotFoundError):  # some editors replace a file by another
                sources[unit] = file.read_bytes()
        return sources

    def _changed(self, before: dict[str, bytes]) -> Exercise | None:
        """The exercise whose text is another than before; the one at hand, if something around it changed."""
        edited = [unit for unit in self._sources if self._sources[unit] != before.get(unit)]
        for exercise in self.course.exercises.values():
            if exercise.unit in edited:
                old, new = (_text_of(exercise, sources) for sources in (before, self._sources))
                if old != new:
                    return exercise
        if self.current is not None and self.current.unit in edited:
            return self.current
        return next((each for each in self.course.exercises.values() if each.unit in edited), None)

    def _open(self, after: Exercise | None) -> Exercise | None:
        """The next exercise that is not done, after a given one and then from the start."""
        exercises = list(self.course.exercises.values())
        start = exercises.index(after) + 1 if after is not None else 0
        order = exercises[start:] + exercises[:start]
        return next((each for each in order if self.progress.state(each.id) != DONE and each != after), None)

    def _congratulation(self, exercise: Exercise) -> RenderableType:
        lines = [Text.assemble((exercise.id, "bold green"), "   passes all its public checks.")]
        if self._reference(exercise) is not None:
            lines.append(Text("\ns shows the reference beside yours."))
        if self.current is not None:
            lines.append(Text(f"\nNext: {self.current.id}, {self.current.title}"))
        return Group(*lines)

    def _hint(self) -> None:
        if self.current is None:
            return
        hints = self.current.hints
        number = min(self.progress.hints(self.current.id), len(hints))
        if number < len(hints):
            number = self.progress.take_hint(self.current.id)
        lines = [Text(f"{self.current.id}: hint {number} of {len(hints)}", style="bold"), Text("")]
        self._display(Group(*lines, Padding(Text(hints[number - 1]), (0, 0, 0, 2))))

    def _list(self) -> None:
        lines = []
        for unit in self.course.units:
            done = [each for each in unit.exercises if self.progress.state(each.id) == DONE]
            left = [each.name for each in unit.exercises if each not in done]
            names = f"   next {left[0]}" if left else ""
            lines.append(Text(f"{unit.name:<16}{len(done):>3} of {len(unit.exercises):>2}{names}"))
        self._display(Group(*lines))

    def _solution(self) -> None:
        if self.passed is not None:
            self._show_solution(self.passed)
        elif self.current is not None and self._reference(self.current) is None:
            self._display(Text("This edition of the course has no solutions."))
        elif self.current is not None:
            self._ask("solution", f"{self.current.name} is not solved yet. Show the solution all the same? y/n")

    def _show_solution(self, exercise: Exercise | None) -> None:
        reference = self._reference(exercise) if exercise is not None else None
        if exercise is None or reference is None:
            self._display(Text("This edition of the course has no solutions."))
            return
        side_by_side = self._console.width >= WIDE
        width = self._console.width // 2 - 2 if side_by_side else self._console.width
        columns = [
            Group(
                Text(title, style="bold"),
                Syntax(_DOCSTRING.sub("", text, count=1), "python", background_color="default", word_wrap=True),
            )
            for title, text in (("yours", _text_of(exercise, self._sources)), ("the reference", reference))
        ]
        self._display(Columns(columns, width=width, padding=(0, 1)) if side_by_side else Group(*columns))

    def _reference(self, exercise: Exercise) -> str | None:
        file = self.course.root / "solutions" / f"{exercise.unit}.py"
        return _text_of(exercise, {exercise.unit: file.read_bytes()}) if file.is_file() else None

    def _ask(self, name: str, words: str) -> None:
        self._question = name
        self._display(Text(words, style="bold"))

    def _reset(self, key: str) -> None:
        if key == "y" and self.current is not None:
            backup = reset(self.course, self.current)
            self._sources = self._read()
            self.progress.record({self.current.id: None})
            self._display(
                Text(f"{self.current.name} is a stub again. The old text: {backup.name} in {backup.parent.name}/")
            )
        else:
            self.judged()

    def _display(self, body: RenderableType) -> None:
        if self._console.is_terminal:
            self._console.clear()
        done = sum(self.progress.state(name) == DONE for name in self.course.exercises)
        head = f"backpass watch   {done} of {len(self.course.exercises)} done"
        self._console.print(Text(head, style="dim"), "", body, "", sep="\n")
        if self.progress.notice:
            self._console.print(self.progress.notice, style="yellow")
        if self.current is not None:
            file = self.course.root / "starter" / f"{self.current.unit}.py"
            place = (
                f"starter/{file.name}:{line_of(file, self.current.name)}" if file.is_file() else f"starter/{file.name}"
            )
            self._console.print(Text.assemble(("Edit ", "bold"), place, ("   every save is judged", "dim")))
        if self._console.is_terminal:
            self._console.print(Text(KEYS, style="dim"))


def _text_of(exercise: Exercise, sources: dict[str, bytes]) -> str:
    source = sources.get(exercise.unit, b"").decode(errors="replace")
    where = function_text(source, exercise.name)
    return "" if where is None else source[slice(*where)].rstrip()


def run(watch: Watch) -> None:
    """React to saves and keys until q, Ctrl-C, or the end of the input."""
    events: queue.Queue[Event] = queue.Queue()
    stopped = threading.Event()
    threads = [threading.Thread(target=_saves, args=(watch.course.root / "starter", events, stopped), daemon=True)]
    with contextlib.ExitStack() as resources:
        if sys.stdin.isatty():
            resources.enter_context(_single_keys())
            threads.append(threading.Thread(target=_keys, args=(events, stopped), daemon=True))
        for thread in threads:
            thread.start()
        resources.callback(stopped.set)
        watch.judged()
        with contextlib.suppress(KeyboardInterrupt):
            for event in iter(events.get, Event("end")):
                if event.kind == "saved":
                    watch.saved()
                elif not watch.pressed(event.key):
                    break


def _saves(folder: Path, events: queue.Queue[Event], stopped: threading.Event) -> None:
    import watchfiles

    for changes in watchfiles.watch(folder, debounce=DEBOUNCE, step=STEP, stop_event=stopped, rust_timeout=500):
        if any(path.endswith(".py") for _, path in changes):
            events.put(Event("saved"))


def _keys(events: queue.Queue[Event], stopped: threading.Event) -> None:
    descriptor = sys.stdin.fileno()
    while not stopped.is_set():
        ready, _, _ = select.select([descriptor], [], [], 0.2)
        if ready:
            pressed = os.read(descriptor, 1).decode(errors="replace")
            events.put(Event("key", pressed) if pressed else Event("end"))
            if not pressed:
                return


@contextlib.contextmanager
def _single_keys() -> Iterator[None]:
    """A terminal that hands over every key at once, without displaying it; put back as it was at the end."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
