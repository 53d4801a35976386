"""The file of a lab's conversation: Markdown that a student reads and edits, and from which it is taken up again.

Everything is appended and synced at once, and nothing is ever rewritten. The file is opened anew for each write, so
that whoever edits it meanwhile loses nothing either.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from backpass.course.manifest import Course, CourseError
from backpass.labs.brief import Lab

_HEADING = re.compile(r"## (?:(Position)|Challenge \d+: (.+)|(Answer) \d+|(Closing))\s*")


@dataclass
class Turn:
    """One challenge: its point, what the peer said, and the answer so far; None before there is one."""

    point: str
    said: str
    answer: str | None = None


@dataclass
class Conversation:
    """What has been said so far. `position` is None before there is one; `closing` is the peer's last word."""

    position: str | None = None
    turns: list[Turn] = field(default_factory=list)
    closing: str | None = None

    @property
    def texts(self) -> list[str]:
        """The student's position and answers."""
        return [text for text in (self.position, *(turn.answer for turn in self.turns)) if text]

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)


class Record:
    """The conversation's file, `labs/<unit>.md` in the student's folder."""

    def __init__(self, course: Course, lab: Lab) -> None:
        self.path = course.root / "labs" / f"{lab.unit}.md"
        self.draft = self.path.with_suffix(".draft.md")  # what is being written in an editor
        self._lab = lab

    def read(self) -> Conversation:
        """What has been said so far; CourseError where the file was not begun by this command."""
        talk = Conversation()
        if not self.path.exists():
            return talk
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"{self.path} cannot be read ({error}). Move it away, or save it as UTF-8.") from None
        parts: list[tuple[re.Match[str], list[str]]] = []
        for line in lines:
            heading = _HEADING.fullmatch(line)
            if heading:
                parts.append((heading, []))
            elif parts:
                parts[-1][1].append(line)
        if any(line.strip() for line in lines) and not (parts and parts[0][0][1]):
            raise CourseError(
                f"{self.path} has no heading `## Position`, so it is left alone. Put one above your position, or move "
                "the file away and give it with --file."
            )
        for heading, below in parts:
            text = "\n".join(below).strip()
            if heading[1]:
                talk.position = text if talk.position is None else f"{talk.position}\n\n{text}"
            elif heading[2]:
                talk.turns.append(Turn(heading[2].strip(), _unquoted(below)))
            elif heading[3] and talk.turns:
                talk.turns[-1].answer = "\n\n".join(filter(None, (talk.turns[-1].answer, text)))
            elif heading[4]:
                talk.closing = _unquoted(below)
        return talk

    def begin_position(self) -> None:
        """Write the head of the file, and the heading of the position."""
        head = (
            f"# {self._lab.title}\n\nWhat you argue, and what {self._lab.peer} says against it: the draft of your "
            "write-up. You may edit your text; leave the headings as they are.\n\n"
        )
        self._append((head if not self.path.exists() else "\n") + "## Position\n\n")

    def begin_answer(self, number: int) -> None:
        self._append(f"\n## Answer {number}\n\n")

    def challenge(self, number: int, point: str, said: str) -> None:
        self._append(f"\n## Challenge {number}: {point}\n\n{_quoted(said)}\n")

    def close(self, said: str) -> None:
        self._append(f"\n## Closing\n\n{_quoted(said)}\n")

    def write(self, text: str) -> None:
        """Append lines of the student."""
        lines = text.splitlines() or [""]
        # A heading of theirs that reads like one of the file's own is displayed as it is, and not taken for one.
        self._append("".join(f"{chr(92) if _HEADING.fullmatch(line) else ''}{line}\n" for line in lines))

    def remark(self, said: str) -> None:
        """Append what the peer says in the middle of the student's text."""
        self._append(f"\n{_quoted(said)}\n\n")

    def _append(self, text: str) -> None:
        is_new = not self.path.exists()
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("ab+") as file:
            if file.tell() and not is_new:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # edited, or cut off by a kill
                    text = "\n" + text
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _unquoted(lines: list[str]) -> str:
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines if line.startswith(">")).strip()
