"""The commands of someone who studies: the course at a glance, hints, pictures, quizzes, stubs and solutions."""

from __future__ import annotations

import getpass
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from backpass.course.manifest import Course, CourseError, Exercise
from backpass.course.stubs import function_text, line_of, reset
from backpass.student.submission import SubmissionError
from backpass.studying import predict
from backpass.studying.progress import DONE, Progress
from backpass.terminal import console, course_here, stop
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.course.quizzes import Answer, Question, Quiz

Name = Annotated[str, typer.Argument(metavar="EXERCISE", help="Such as adam_step, or optimizers.adam_step.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.callback(invoke_without_command=True)(overview)
    for command in (watch, hint, plot, predict.run, quiz, solution):
        app.command()(command)
    app.command("reset")(reset_exercise)


def overview(context: typer.Context) -> None:
    """A course that is graded as you work. Without a command: what is done, and what is next."""
    if context.invoked_subcommand is not None:
        return
    course = course_here()
    progress = Progress(course)
    done = {name for name in course.exercises if progress.state(name) == DONE}
    _notice(progress)
    table = Table.grid(padding=(0, 2))
    for unit in course.units:
        solved = sum(exercise.id in done for exercise in unit.exercises)
        table.add_row(
            unit.name,
            _bar(solved / len(unit.exercises)),
            f"{solved}/{len(unit.exercises)}",
            escape(unit.title.partition(": ")[2]),
        )
    console.print(f"[bold]{escape(course.title)}[/]   {len(done)} of {len(course.exercises)} exercises done\n")
    console.print(table)
    console.print()
    following = next((each for each in course.exercises.values() if each.id not in done), None)
    if following is None:
        from backpass.course.quizzes import all_done

        console.print(all_done(course))
        return
    console.print(f"Next: [bold]{following.id}[/], {escape(following.title)}", highlight=False)
    console.print(f"  read    {course.lesson(following.unit)}", highlight=False)
    console.print(f"  write   {_place(course, following)}", highlight=False)
    console.print(f"  check   pytest exercises/{following.unit}", highlight=False)
    console.print(f"  stuck   backpass hint {following.name}", highlight=False)


def watch() -> None:
    """Judge the exercise that you edit at every save, and say what comes next."""
    course = course_here()
    one_thread_a_process()
    with console.status("Loading torch ..."):
        from backpass.studying.judge import Judge
        from backpass.studying.watch import Watch, run
        from backpass.worker.client import ZygoteFailed

        try:
            judge = Judge(course)
        except ZygoteFailed as error:
            raise stop(error) from None
    with judge:
        run(Watch(course, judge, console))


def hint(exercise: Name) -> None:
    """The next of three hints; each gives more than the one before."""
    course, chosen = _chosen(exercise)
    progress = Progress(course)
    taken = progress.hints(chosen.id)
    if taken >= len(chosen.hints):
        console.print(f"These are all {len(chosen.hints)} hints for {chosen.name}:", highlight=False)
        numbers = range(len(chosen.hints))
    else:
        taken = progress.take_hint(chosen.id)
        numbers = range(taken - 1, taken)
    _notice(progress)
    for number in numbers:
        console.print(f"\n[bold]Hint {number + 1} of {len(chosen.hints)}[/]", highlight=False)
        console.print(Padding(Text(chosen.hints[number]), (0, 0, 0, 2)))
    console.print(f"\n{_place(course, chosen)}; the lesson is {course.lesson(chosen.unit)}", highlight=False)


def solution(exercise: Name) -> None:
    """The reference, with its reasons. Asks first when the exercise is not solved yet."""
    course, chosen = _chosen(exercise)
    file = course.root / "solutions" / f"{chosen.unit}.py"
    if not file.is_file():
        raise stop("This edition of the course has no solutions: ask whoever gave it to you.")
    if Progress(course).state(chosen.id) != DONE:
        typer.confirm(f"{chosen.name} is not solved yet. Show the solution all the same?", abort=True)
    source = file.read_text(encoding="utf-8")
    where = function_text(source, chosen.name)
    if where is None:
        raise stop(f"{file} has no {chosen.name}.")
    console.print(Syntax(source[slice(*where)].rstrip(), "python", background_color="default", word_wrap=True))


def reset_exercise(exercise: Name) -> None:
    """Put the stub of one exercise back; what you wrote is kept in a backup."""
    course, chosen = _chosen(exercise)
    try:
        backup = reset(course, chosen)
    except CourseError as error:
        raise stop(error) from None
    Progress(course).record({chosen.id: None})
    console.print(f"{chosen.name} is a stub again. The old text: {_shown(backup)}", highlight=False, soft_wrap=True)


def plot(
    exercise: Name,
    submission: Annotated[Path | None, typer.Option(help="Folder of the work to draw; starter/ by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="A .png or .svg; plots/<exercise>.png by default.")] = None,
) -> None:
    """Draw what your function does, beside the expected shape."""
    from backpass.plotting import plots
    from backpass.worker.asking import asking

    course, chosen = _chosen(exercise)
    try:
        known = {each.exercise: each for unit in course.unit_names for each in plots.plots_of(course, unit)}
        if chosen.id not in known:
            names = ", ".join(name.partition(".")[2] for name in known)
            others = f"These have one: {names}." if names else "No exercise here has one."
            raise plots.Unplottable(f"`{chosen.name}` has no picture. {others}")
        path = out or Path("plots") / f"{chosen.id}.png"
        if path.suffix not in (".png", ".svg"):
            raise plots.Unplottable(f"{path}: a picture is a .png or an .svg.")
        with asking(course, submission) as ask:
            yours = plots.numbers_of(known[chosen.id], chosen, partial(ask, chosen.unit, chosen.name))
        plots.draw(known[chosen.id], yours, plots.expected(course, chosen), path)
    except (CourseError, SubmissionError, plots.Unplottable) as error:
        raise stop(error) from None
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise stop("Pictures need matplotlib: pip install -e '.[pictures]'") from None
    console.print(f"Yours beside the expected shape: {path}", soft_wrap=True)


def quiz(
    name: Annotated[str, typer.Argument(metavar="UNIT", help="A unit, or `final` for the module test.")],
    seed: Annotated[
        str | None, typer.Option(help="Whose numbers and order; your user name by default, '' as written.")
    ] = None,
) -> None:
    """A quiz in the terminal: one question at a time, an explanation for each choice, and a score.

    Each attempt has other numbers, and the choices in another order.
    """
    from backpass.course import quizzes

    course = course_here()
    try:
        whose = getpass.getuser() if seed is None else seed
        questions = quizzes.load_quiz(course, name, whose, Progress(course).attempts(name))
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
    _notice(progress)
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


def _bar(share: float, width: int = 16) -> str:
    full = round(share * width)
    return f"[green]{'#' * full}[/][dim]{'.' * (width - full)}[/]"


def _chosen(name: str) -> tuple[Course, Exercise]:
    course = course_here()
    try:
        return course, course.exercise(name)
    except CourseError as error:
        raise stop(error) from None


def _place(course: Course, exercise: Exercise) -> str:
    file = course.root / "starter" / f"{exercise.unit}.py"
    return f"{_shown(file)}:{line_of(file, exercise.name)}" if file.is_file() else _shown(file)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _notice(progress: Progress) -> None:
    if progress.notice:
        console.print(progress.notice, style="yellow")
