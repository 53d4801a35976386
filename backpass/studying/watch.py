"""`backpass watch`: what was edited is judged, and the screen says what to do next."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from backpass.course.manifest import Course, Exercise
from backpass.course.quizzes import all_done
from backpass.course.stubs import function_text, line_of, reset
from backpass.studying.listing import LIST_KEYS, List
from backpass.studying.progress import DONE, STATES, Progress
from backpass.wrapping import first_lines, fitted

if TYPE_CHECKING:
    from backpass.judging.result import ExerciseResult
    from backpass.studying.judge import Verdict

_DOCSTRING = re.compile(r'^    """.*?"""\n', re.DOTALL | re.MULTILINE)
WIDE = 120  # columns, from which two functions stand side by side
KEYS = "Enter again   n next   h hint   l list   s solution   r reset   q quit"

T = TypeVar("T")
# Runs what takes a while, and then hands its result on: at once in tests, in a thread in a terminal.
Launch = Callable[[Callable[[], T], Callable[[T], Any]], Any]


class Judges(Protocol):
    """What `backpass.studying.judge.Judge` does."""

    def verdict(self, exercise: Exercise, sources: dict[str, bytes]) -> Verdict: ...
    def hidden(self, exercises: Sequence[Exercise], sources: dict[str, bytes]) -> list[ExerciseResult]: ...


class Watch:
    """One session: what is being worked on, and what was said of it last."""

    def __init__(self, course: Course, judge: Judges, console: Console, launch: Launch[Any] | None = None) -> None:
        self.course = course
        self.progress = Progress(course)
        self.current = self.progress.current
        self.passed: Exercise | None = None
        self.list: List | None = None
        self._judge = judge
        self._launch = launch or (lambda work, then: then(work()))
        self._console = console
        self._sources = self._read()
        self._question: str | None = None
        self._has_graders = (course.root / "graders").is_dir()

    def saved(self) -> Verdict | None:
        """Judge the exercise that the last save changed; None where no function of the course was."""
        before, self._sources = self._sources, self._read()
        changed = self._changed(before)
        if changed is None and before == self._sources:
            return None
        self.current = changed or self.current
        return self.judged()

    def judged(self) -> Verdict | None:
        """Judge the exercise at hand, and display what comes of it; the verdict, where there is one already."""
        self.list = None
        if self.current is None:
            self._display(Text(all_done(self.course)))
            return None
        exercise, sources = self.current, self._sources
        self.progress.go_to(exercise)
        self.passed = None
        limit = f"what takes longer than {self.course.limits.seconds_a_request:g} s is ended"
        head = Text.assemble((exercise.id, "bold"), f"   {exercise.title}\n\n  judging ...   ", (limit, "dim"))
        self._display(head)
        verdict: Verdict | None = self._launch(lambda: self._judge.verdict(exercise, sources), self._told)
        return verdict

    def _told(self, verdict: Verdict) -> Verdict:
        """Display what the public checks say; where they have nothing to say and hidden graders are here, ask them."""
        exercise, sources = verdict.exercise, self._sources
        self.progress.record_public({exercise.id: verdict.state})
        if verdict.state == DONE and self._has_graders:
            so_far = "   passes all its public checks.\n\n  asking the hidden graders ..."
            self._display(Group(Text.assemble((exercise.id, "bold"), so_far), *_said(verdict.printed)))

            def tell(result: ExerciseResult) -> Verdict:
                return self._told_by_all(replace(verdict, state=STATES[result.status], message=result.message))

            told: Verdict = self._launch(lambda: self._judge.hidden([exercise], sources)[0], tell)
            return told
        return self._told_by_all(verdict)

    def _told_by_all(self, verdict: Verdict) -> Verdict:
        exercise = verdict.exercise
        self.progress.record({exercise.id: verdict.state})
        if verdict.state == DONE:
            self.passed = exercise
            self.current = self.progress.next_open(exercise)
            self._display(Group(self._congratulation(exercise), *_said(verdict.printed)))
        else:
            colour = "yellow" if verdict.state is None else "red"
            head = Text.assemble((exercise.id, f"bold {colour}"), f"   {exercise.title}")
            message = Text(fitted(verdict.message, self._console.width - 2))
            self._display(Group(head, Text(""), Padding(message, (0, 0, 0, 2)), *_said(verdict.printed)))
        return verdict

    def pressed(self, key: str) -> bool:
        """React to a key; False where it ends the session."""
        asked, self._question = self._question, None
        if key == "\x03":
            return False
        if self.list is not None:
            self._in_list(self.list, key)
        elif key == "q":
            return False
        elif asked == "reset":
            self._reset(key)
        elif asked == "solution":
            if key == "y":
                self._show_solution(self.current)
            else:
                self.judged()
        elif key == "n":
            if self.passed is None:  # what was passed has led to the next already
                self.current = self.progress.next_open(self.current)
            self.judged()
        elif key == "h":
            self._hint()
        elif key == "l":
            self.list = List(self.course, self.progress, self.current)
            self._display(self.list.shown(self._console.height))
        elif key == "s":
            self._solution()
        elif key == "r" and self.current is not None:
            self._ask("reset", f"Put the stub of {self.current.name} back? What you wrote is kept in a backup. y/n")
        elif key in ("\r", "\n", " "):
            self.judged()
        return True

    def _in_list(self, listed: List, key: str) -> None:
        chosen = listed.pressed(key)
        if listed.is_open:
            self._display(listed.shown(self._console.height))
            return
        self.current = chosen or self.current
        self.judged()

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

    def _congratulation(self, exercise: Exercise) -> RenderableType:
        checks = "passes." if self._has_graders else "passes all its public checks."
        lines = [Text.assemble((exercise.id, "bold green"), f"   {checks}")]
        if self._reference(exercise) is not None:
            lines.append(Text("\ns shows the reference beside yours."))
        if self.current is not None:
            lines.append(Text(f"\nNext: {self.current.id}, {self.current.title}   (n)"))
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
                Syntax(fitted(_DOCSTRING.sub("", text, count=1), width), "python", background_color="default"),
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
            self._console.print(Text.assemble(("Read ", "bold"), self.course.lesson(self.current.unit)))
            self._console.print(Text.assemble(("Edit ", "bold"), place, ("   every save is judged", "dim")))
        if self._console.is_terminal:
            self._console.print(Text(KEYS if self.list is None else LIST_KEYS, style="dim"))


def _text_of(exercise: Exercise, sources: dict[str, bytes]) -> str:
    source = sources.get(exercise.unit, b"").decode(errors="replace")
    where = function_text(source, exercise.name)
    return "" if where is None else source[slice(*where)].rstrip()


def _said(printed: str) -> list[RenderableType]:
    """What the code printed, where it did."""
    if not printed:
        return []
    text = Text(first_lines(printed), style="dim")
    return [Text("\nYour code printed (hidden graders ask for silence):"), Padding(text, (0, 0, 0, 2))]
