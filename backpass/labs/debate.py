"""`backpass lab`: the debate of a lab in the terminal, from the brief to the rubric."""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import click
import typer
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backpass.course.lab_files import model_answer_file, rubric_file
from backpass.course.manifest import Course, CourseError
from backpass.labs import model
from backpass.labs.brief import Lab, load_lab, load_rubric
from backpass.labs.conversation import Conversation, Record
from backpass.labs.peer import MOST, Next, closing, next_challenge, objection
from backpass.studying.progress import Progress
from backpass.terminal import console, course_here, markdown, stop
from backpass.wrapping import printable

_HOW = "Type; an empty line ends it. e opens your editor, q stops: what you wrote is kept."
_MODEL = "{peer} is played by {model}: what you write here is sent to {where}.\n"


class Paused(Exception):
    """The student stops for now."""


def lab(
    unit: Annotated[
        str | None, typer.Argument(metavar="[UNIT]", help="Such as losses. The unit where you are by default.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Your position, written elsewhere.")
    ] = None,
) -> None:
    """Argue a lab: its brief, your position, then a peer who is not convinced. Kept in labs/UNIT.md."""
    course = course_here()
    current = Progress(course).current
    unit = unit or (current.unit if current is not None else course.unit_names[-1])
    try:
        brief = load_lab(course, unit)
        debate = Debate(course, brief)
        debate.run(file)
    except CourseError as error:
        raise stop(error) from None
    except (Paused, KeyboardInterrupt):
        console.print(f"\nKept in labs/{unit}.md. To go on: backpass lab {unit}", highlight=False)
        return
    except OSError as error:
        raise stop(f"labs/{unit}.md could not be written ({error}). Copy your last lines from the screen.") from None
    with suppress(Paused):
        _after(course, brief)


class Debate:
    """One run of the command: it goes on where the file of the conversation stops."""

    def __init__(self, course: Course, lab: Lab) -> None:
        self._lab = lab
        self._record = Record(course, lab)
        self._model = model.Model.from_environment()
        self._is_told_how = False

    def run(self, file: Path | None) -> None:
        """Until the peer has said everything; Paused where the student stops."""
        talk = self._record.read()
        if file and talk.position:
            raise CourseError(
                f"labs/{self._lab.unit}.md already has a position. Edit it there, or move that file away to begin anew."
            )
        if talk.closing is not None:
            console.print(f"[bold]{self._lab.title}[/]   finished: labs/{self._lab.unit}.md\n", highlight=False)
            return
        self._introduce(brief_too=not talk.position)
        if not talk.turns:
            self._position(file, talk)
        else:
            self._head(len(talk.turns), talk.turns[-1].point)
            self._show(talk.turns[-1].said)
            self._answer(talk)
        while True:
            talk = self._record.read()
            upcoming = next_challenge(self._lab, talk)
            if upcoming is None:
                break
            number = len(talk.turns) + 1
            said = self._say(number, talk, upcoming)
            self._record.challenge(number, upcoming.challenge.point, said)
            self._answer(self._record.read())
        last = closing(self._lab, talk)
        self._record.close(last)
        self._head()
        self._show(last)

    def _introduce(self, brief_too: bool) -> None:
        lab = self._lab
        console.print(f"[bold]{lab.title}[/]   exercises/{lab.unit}/lab.md\n", highlight=False)
        if brief_too:
            for name in ("brief", "task", "computation"):
                console.print(Text(name.capitalize(), style="bold"))
                console.print(markdown(getattr(lab, name)), highlight=False)
                console.print()
        if self._model:
            where = model.endpoint()
            console.print(
                _MODEL.format(peer=lab.peer, model=self._model.name, where=where), style="yellow", markup=False
            )

    def _position(self, file: Path | None, talk: Conversation) -> None:
        if file:
            try:
                text = printable(file.read_text(encoding="utf-8")).strip()
            except (OSError, UnicodeDecodeError) as error:
                raise CourseError(f"{file} cannot be read ({error}). Save it as UTF-8 text.") from None
            if not text:
                raise CourseError(f"{file} is empty.")
            if talk.position is None:
                self._record.begin_position()
            self._record.write(text)
        else:
            if talk.position:
                self._taken_up(talk.position)
            console.print("[bold]Your position[/]")
            self._written(bool(talk.position), None if talk.position is not None else self._record.begin_position)
        self._question(Conversation(self._record.read().position))

    def _answer(self, talk: Conversation) -> None:
        """Ask for the answer to the last challenge; what there is of it already may be added to."""
        number, answer = len(talk.turns), talk.turns[-1].answer
        if answer:
            self._taken_up(answer)
        console.print("[bold]Your answer[/]")
        self._written(bool(answer), None if answer is not None else lambda: self._record.begin_answer(number))
        self._question(self._record.read())

    def _question(self, talk: Conversation) -> None:
        """Ask once more where the last text is no answer."""
        last = talk.texts[-1]
        before = Conversation(talk.position if talk.turns else None, talk.turns[:-1])
        remark = objection(last, self._lab, before)
        if remark is None:
            return
        self._record.remark(remark)
        self._head()
        self._show(remark)
        self._written(True, None)

    def _taken_up(self, text: str) -> None:
        shown = " ".join(text.split())
        console.print("Taken up again. You wrote:", highlight=False)
        console.print(
            Padding(Text(shown if len(shown) <= 300 else f"... {shown[-300:].partition(' ')[2]}"), (0, 0, 0, 2))
        )
        console.print("Write on, or press Enter to leave it like that.\n", highlight=False)

    def _written(self, may_be_empty: bool, begin: Callable[[], None] | None) -> None:
        """Append what the student writes, line by line; `begin` is called before the first line. Paused on q."""
        if not self._is_told_how:
            console.print(_HOW, style="dim")
        is_begun, self._is_told_how = False, True

        def keep(text: str) -> None:
            nonlocal is_begun
            if begin and not is_begun:
                begin()
            is_begun = True
            self._record.write(text)

        while True:
            line = _line()
            if line is None and is_begun:
                break
            if line is None or (line.strip() == "q" and not is_begun):
                raise Paused
            if line.strip() == "e" and not is_begun:
                draft = self._record.draft
                if text := _edited(draft):
                    keep(text)
                    draft.unlink()
                    break
            elif line.strip() or (is_begun and _more_is_pasted()):
                keep(line)
            elif is_begun or may_be_empty:
                break
            else:
                console.print("Nothing is written yet.", style="yellow")
        console.print()

    def _say(self, number: int, talk: Conversation, upcoming: Next) -> str:
        """The peer's turn, on the screen and returned: the model's, or what the offline peer says."""
        self._head(number, upcoming.challenge.point)
        if self._model:
            try:
                with _Wrapped() as wrapped:
                    return self._model.reply(model.messages(self._lab, talk, upcoming), wrapped.show)
            except model.NoReply as reason:
                self._model = None
                console.print(f"No reply of the model ({reason}): {self._lab.peer} goes on without it.", style="yellow")
        self._show(upcoming.text)
        return upcoming.text

    def _head(self, number: int | None = None, point: str = "") -> None:
        counted = f" ({number} of at most {MOST}): {point}" if number else ""
        console.print(Text(f"{self._lab.peer}{counted}", style="bold"))

    def _show(self, said: str) -> None:
        console.print(Padding(Text(said), (0, 2, 1, 2)))


class _Wrapped:
    """Prints a text that comes in pieces, indented, and broken between words."""

    def __enter__(self) -> _Wrapped:
        self._column, self._word = 0, ""
        return self

    def show(self, piece: str) -> None:
        for part in re.findall(r"\n|[^\S\n]+|\S+", piece):
            if part.isspace():
                self._flush()
                if part == "\n":
                    self._newline()
            else:
                self._word += part

    def __exit__(self, *_: object) -> None:
        self._flush()
        console.file.write("\n\n")
        console.file.flush()

    def _flush(self) -> None:
        if self._word:
            width = Text(self._word).cell_len
            if self._column and self._column + 1 + width > console.width - 2:
                self._newline()
            console.file.write((" " if self._column else "  ") + self._word)
            console.file.flush()
            self._column += width + (1 if self._column else 2)
            self._word = ""

    def _newline(self) -> None:
        console.file.write("\n")
        self._column = 0


def _line() -> str | None:
    """One line of the student, or several that were pasted at once; None at the end of input."""
    with suppress(ImportError):
        import readline

        # A text that is pasted comes as one, with its empty lines.
        readline.parse_and_bind("set enable-bracketed-paste on")
    try:
        return printable(input("> "))
    except (EOFError, KeyboardInterrupt) as error:
        console.print()
        if isinstance(error, KeyboardInterrupt):
            raise Paused from None
        return None


def _more_is_pasted() -> bool:
    """Whether more input is there already: then an empty line is one between paragraphs that are being pasted."""
    return sys.stdin.isatty() and bool(select.select([sys.stdin], [], [], 0.05)[0])


def _edited(draft: Path) -> str:
    """What is written in the student's editor; `draft` stays until it is taken over, also when the editor fails."""
    draft.parent.mkdir(exist_ok=True)
    try:
        click.edit(filename=str(draft))
        text = printable(draft.read_text(encoding="utf-8")).strip() if draft.exists() else ""
    except (click.ClickException, UnicodeDecodeError) as error:
        reason = error.format_message() if isinstance(error, click.ClickException) else str(error)
        console.print(f"{reason}. Set EDITOR, or type here.", style="yellow", markup=False, soft_wrap=True)
        return ""
    if not text:
        console.print("Nothing was saved in the editor.", style="yellow")
    return text


def _after(course: Course, lab: Lab) -> None:
    """What follows the debate: self-study marks itself by the rubric and reads the model answer."""
    if not (rubric_file(course, lab.unit).is_file() and model_answer_file(course, lab.unit).is_file()):
        console.print(
            f"Your draft is labs/{lab.unit}.md. Make one to two pages of it in this lab's notebook, and hand that in.",
            highlight=False,
        )
        return
    rubric = load_rubric(course, lab.unit)
    most = sum(criterion.points for criterion in rubric)
    console.print(
        f"Write it up first: one to two pages, from labs/{lab.unit}.md. Then mark yourself by the rubric, and read the "
        "model answer. q stops; the command brings you back here.\n",
        highlight=False,
    )
    total = 0.0
    for number, criterion in enumerate(rubric, 1):
        console.print(f"[bold]{number}. {criterion.name}[/]", highlight=False)
        levels = Table.grid(padding=(0, 2))
        for points, text in (
            (criterion.points, criterion.full),
            (criterion.points / 2, criterion.half),
            (0, criterion.none),
        ):
            levels.add_row(Text(f"{points:>4g}"), Text(text))
        console.print(Group(levels))
        total += _points(criterion.points)
        console.print()
    Progress(course).record_lab(lab.unit, total)
    console.print(f"[bold]{total:g} of {most:g} points[/]\n", highlight=False)
    console.print(markdown(model_answer_file(course, lab.unit).read_text(encoding="utf-8")))


def _points(most: float) -> float:
    while True:
        typed = _line()
        if typed is None or typed.strip() == "q":
            raise Paused
        with suppress(ValueError):
            points = float(typed.strip().replace(",", "."))
            if 0 <= points <= most:
                return points
        console.print(f"{typed.strip()[:40]!r}: a number from 0 to {most:g} is needed.", style="yellow", markup=False)
