"""The list of `backpass watch`: all exercises, with a search, to go to one of them."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from backpass.course.manifest import Course, Exercise
from backpass.studying.keyboard import BACKSPACE, DOWN, ESCAPE, UP
from backpass.studying.progress import DONE, PUBLIC, WRONG, Progress

LIST_KEYS = "type to search   up, down   Enter goes there   Esc back"
_MARKS = {DONE: ("+", "green"), PUBLIC: ("~", "yellow"), WRONG: ("x", "red"), None: (".", "dim")}
_AROUND = 10  # lines of the screen that are not the list's


class List:
    """What is listed and searched for; `is_open` until Enter or Escape."""

    def __init__(self, course: Course, progress: Progress, current: Exercise | None) -> None:
        self._exercises = list(course.exercises.values())
        self._progress = progress
        self._search = ""
        self._at = self._exercises.index(current) if current is not None else 0
        self.is_open = True

    def pressed(self, key: str) -> Exercise | None:
        """React to a key; the exercise to go to, with Enter."""
        found = self._found()
        if key in (UP, DOWN):
            self._at = max(0, min(self._at + (1 if key == DOWN else -1), len(found) - 1))
        elif key == BACKSPACE:
            self._search, self._at = self._search[:-1], 0
        elif key in ("\r", "\n"):
            self.is_open = False
            return found[self._at] if found else None
        elif key == ESCAPE:
            self.is_open = False
        elif key.isprintable() and key != "/":  # which opens a search elsewhere; here every letter does
            self._search, self._at = self._search + key.lower(), 0
        return None

    def shown(self, height: int) -> RenderableType:
        """The part of the list around where one is."""
        found = self._found()
        room = max(5, height - _AROUND)
        first = max(0, min(self._at - room // 2, len(found) - room))
        lines = [Text(f"Search: {self._search}_" if self._search else "All exercises", style="bold"), Text("")]
        for number, exercise in enumerate(found[first : first + room], first):
            mark, colour = _MARKS[self._progress.state(exercise.id)]
            chosen = number == self._at
            name = (f"{exercise.id:<34} {exercise.title}", "bold" if chosen else "")
            lines.append(
                Text.assemble("> " if chosen else "  ", (mark, colour), " ", name, no_wrap=True, overflow="ellipsis")
            )
        if not found:
            lines.append(Text("  no exercise has this in its name or title"))
        return Group(*lines)

    def _found(self) -> list[Exercise]:
        words = self._search.split()
        return [each for each in self._exercises if all(word in f"{each.id} {each.title}".lower() for word in words)]
