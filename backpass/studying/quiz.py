"""`backpass quiz`: a quiz in the terminal, with an explanation for each answer."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backpass.course.manifest import Course, CourseError
from backpass.studying.progress import Progress
from backpass.terminal import console, course_here, stop

if TYPE_CHECKING:
    from backpass.course.quizzes import Answer, Question, Quiz


def quiz(
    unit: Annotated[
        str | None,
        typer.Argument(metavar="[UNIT]", help="`final` is the module test. The unit where you are by default."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Whose numbers and order; your user name by default, '' as written.")
    ] = None,
) -> None:
    """Take a quiz in the terminal: one question at a time, an explanation for each choice, and a score.

    Each attempt has other numbers, and the choices in another order.
    """
    from backpass.course import quizzes

    course = course_here()
    progress = Progress(course)
    current = progress.current
    name = unit or (current.unit if current is not None else quizzes.FINAL)
    try:
        whose = getpass.getuser() if seed is None else seed
        questions = quizzes.load_quiz(course, name, whose, progress.attempts(name))
        if not quizzes.has_key(course, name):
            raise CourseError("This edition of the course has no answers: the quiz is marked by your instructor.")
        key = quizzes.load_key(course, questions)
    except CourseError as error:
        raise stop(error) from None
    console.print(f"[bold]{escape(questions.title)}[/]   {len(questions.questions)} questions; q stops\n")
    share = 0.0
    weak: dict[str, None] = {}
    for number, question in enumerate(questions.questions, 1):
        console.print(f"[bold]{number}.[/] {escape(' '.join(question.text.split()))}", highlight=False)
        choices = Table.grid(padding=(0, 1))
        for letter, text in question.choices.items():
            choices.add_row(f"   ({letter})", Text(" ".join(text.split())))
        console.print(choices)
        answer = _asked(question)
        if answer is None:
            console.print("Stopped; this quiz was not counted.")
            return
        marked = quizzes.mark(question, key[question.id], answer)
        share += marked.share
        verdict = "[green]Right.[/]" if marked.is_right else f"[red]{'Not quite' if marked.share else 'No'}.[/]"
        console.print(f"   {verdict}", highlight=False)
        for explanation in marked.explanations:
            console.print(Padding(Text(" ".join(explanation.split())), (0, 0, 0, 3)))
        console.print()
        if not marked.is_right:
            weak[question.unit] = None
    _summary(course, questions, share / len(questions.questions), list(weak))


def _summary(course: Course, questions: Quiz, share: float, weak: list[str]) -> None:
    from backpass.course.quizzes import FINAL, TO_PASS

    progress = Progress(course)
    progress.record_score(questions.name, share)
    tell_notice(progress)
    passed = ""
    if questions.name == FINAL:
        passed = ": passed" if share >= TO_PASS else f"; {TO_PASS:.0%} are needed to pass"
    console.print(f"[bold]{share:.0%}[/]{passed}", highlight=False)
    if weak:
        console.print(f"Read again: {', '.join(map(course.lesson, weak))}", highlight=False)


def _asked(question: Question) -> Answer:
    """The answer that is typed in: asked for until it is one; None where there is none to come."""
    from backpass.course.quizzes import expected_form

    while True:
        try:
            typed = console.input("   > ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return None
        if typed in ("q", "quit"):
            return None
        if question.kind == "number" and re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?%?", typed.replace(",", ".")):
            number = float(typed.replace(",", ".").rstrip("%"))
            return number / 100 if typed.endswith("%") else number
        letters = frozenset(typed) - set(" ,;()")
        if letters and letters <= question.choices.keys() and (question.kind == "several" or len(letters) == 1):
            return letters if question.kind == "several" else next(iter(letters))
        console.print(f"   {expected_form(question)}", style="yellow")


def tell_notice(progress: Progress) -> None:
    """Say what became of a `progress.toml` that could not be read."""
    if progress.notice:
        console.print(progress.notice, style="yellow")
