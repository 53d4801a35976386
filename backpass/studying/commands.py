"""The commands of someone who studies: the course at a glance, checks, hints, pictures, stubs and solutions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from backpass import __version__
from backpass.course.manifest import Course, CourseError, Exercise
from backpass.course.stubs import function_text, line_of, reset
from backpass.student.intake import SubmissionError
from backpass.student.submission import read_submission
from backpass.studying import predict, regrade
from backpass.studying.lesson import lesson
from backpass.studying.progress import DONE, PUBLIC, STATES, WRONG, Progress
from backpass.studying.quiz import quiz, tell_notice
from backpass.terminal import console, course_here, stop
from backpass.worker.threads import one_thread_a_process
from backpass.wrapping import fitted

Name = Annotated[
    str | None, typer.Argument(metavar="[EXERCISE]", help="Such as adam_step. The one where you are by default.")
]


def register(app: typer.Typer, panel: str) -> None:
    """Add the commands of this module to `app`, in a panel of its help."""
    app.callback(invoke_without_command=True)(overview)
    for command in (init, lesson, watch, check, hint, plot, predict.run, quiz, solution):
        app.command(rich_help_panel=panel)(command)
    app.command("reset", rich_help_panel=panel)(reset_exercise)
    app.command("regrade-request", rich_help_panel=panel)(regrade.run)


def _version(asked: bool) -> None:
    if asked:
        console.print(f"backpass {__version__}", highlight=False)
        raise typer.Exit


def overview(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """A course that is graded as you work. Without a command: what is done, and what is next."""
    if context.invoked_subcommand is not None:
        return
    course = course_here()
    progress = Progress(course)
    states = {name: progress.state(name) for name in course.exercises}
    done = {name for name, state in states.items() if state == DONE}
    tell_notice(progress)
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
    for state, words in ((WRONG, "wrong"), (PUBLIC, "right in public; `backpass check` asks the hidden graders")):
        names = [name for name, found in states.items() if found == state]
        if names:
            console.print(f"{', '.join(names[:4])}{' ...' if names[4:] else ''}: {words}", highlight=False)
    for dates in filter(None, (each.dates for each in course.assignments)):
        console.print(dates, highlight=False)
    following = progress.current
    if following is None:
        from backpass.course.quizzes import all_done

        console.print(all_done(course))
        return
    about = f" ({following.difficulty}, about {following.minutes} minutes)" if following.minutes else ""
    console.print(f"Next: [bold]{following.id}[/], {escape(following.title)}{about}", highlight=False)
    console.print(f"  read    {course.lesson(following.unit)}, or: backpass lesson", highlight=False)
    console.print(f"  write   {_place(course, following)}", highlight=False)
    judge = "backpass check" if states[following.id] == PUBLIC else f"pytest exercises/{following.unit}"
    console.print(f"  check   {judge}", highlight=False)
    console.print("  stuck   backpass hint", highlight=False)


def init(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="backpass-course by default.")] = None,
) -> None:
    """Write the whole course into a folder of your own; in one that you have, bring what is new since."""
    from backpass.course import folder as folders

    destination = folder or (Path() if folders.is_learners(Path()) else Path("backpass-course"))
    try:
        destination.mkdir(parents=True, exist_ok=True)
        written = folders.write_folder(destination)
    except (CourseError, OSError) as error:
        raise stop(error) from None
    if written.is_first:
        repository = ", a git repository" if written.is_repository else ""
        console.print(f"The course is in {destination}{repository}. Next:", highlight=False, soft_wrap=True)
        go = "" if destination.resolve() == Path.cwd() else f"  cd {destination}\n"
        console.print(f"{go}  backpass watch", highlight=False, soft_wrap=True)
    else:
        changes = f"{len(written.new)} new files, {len(written.updated)} brought up to date"
        console.print(f"{changes}; what you have written is as it was.", highlight=False)
    for name in written.kept:
        console.print(f"Yours, and not replaced by the new one: {name}", style="yellow", soft_wrap=True)


def check(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE]", help="An exercise or a unit. The exercise where you are by default."),
    ] = None,
) -> None:
    """Ask the hidden graders whether your work is right, and what is wrong with it."""
    one_thread_a_process()
    course = course_here()
    exercises = course.unit(name).exercises if name in course.unit_names else (_chosen(name)[1],)
    if not (course.root / "graders").is_dir():
        raise stop(f"This edition of the course has no graders. Public checks: pytest exercises/{exercises[0].unit}")
    progress = Progress(course)
    with console.status("Waking the graders ..."):
        from backpass.studying.judge import Judge
        from backpass.worker.warm import ZygoteFailed

        try:
            with Judge(course) as judge:
                results = judge.hidden(exercises, read_submission(course.root / "starter", course.functions).sources)
        except (ZygoteFailed, CourseError) as error:
            raise stop(error) from None
    progress.record({e.id: STATES[result.status] for e, result in zip(exercises, results, strict=True)})
    if len(exercises) == 1:
        progress.go_to(exercises[0])
    tell_notice(progress)
    for exercise, result in zip(exercises, results, strict=True):
        if result.status == "passed":
            console.print(f"[bold green]{exercise.id}[/] passes.", highlight=False)
        elif result.status == "todo":
            console.print(f"[bold yellow]{exercise.id}[/]  {escape(result.message)}", highlight=False)
        else:
            place = _place(course, exercise) if result.line is None else f"starter/{exercise.unit}.py:{result.line}"
            console.print(f"{place}: [bold red]{exercise.id}[/] is wrong", highlight=False, soft_wrap=True)
        if result.status != "todo" and result.message:
            console.print(Padding(Text(fitted(result.message, console.width - 2)), (0, 0, 1, 2)))
    following = progress.current
    if following is not None and all(result.status == "passed" for result in results):
        console.print(f"Next: {following.id}, {_place(course, following)}: {escape(following.title)}", highlight=False)
    if any(result.status != "passed" for result in results):
        raise typer.Exit(1)


def watch() -> None:
    """Judge the exercise that you edit at every save, and say what comes next."""
    one_thread_a_process()
    from backpass.studying.loop import run

    try:
        run(course_here(), console)
    except Exception as error:
        from backpass.worker.warm import ZygoteFailed  # and torch, for which the first screen does not wait

        if not isinstance(error, ZygoteFailed):
            raise
        raise stop(error) from None


def hint(exercise: Name = None) -> None:
    """Give the next hint for an exercise; each says more than the one before."""
    course, chosen = _chosen(exercise)
    progress = Progress(course)
    taken = progress.hints(chosen.id)
    if taken >= len(chosen.hints):
        console.print(f"These are all {len(chosen.hints)} hints for {chosen.name}:", highlight=False)
        numbers = range(len(chosen.hints))
    else:
        taken = progress.take_hint(chosen.id)
        numbers = range(taken - 1, taken)
    tell_notice(progress)
    for number in numbers:
        console.print(f"\n[bold]Hint {number + 1} of {len(chosen.hints)}[/]", highlight=False)
        console.print(Padding(Text(chosen.hints[number]), (0, 0, 0, 2)))
    console.print(f"\n{_place(course, chosen)}; the lesson is {course.lesson(chosen.unit)}", highlight=False)


def solution(exercise: Name = None) -> None:
    """Show the reference solution, with its reasons. Asks first when the exercise is not solved yet."""
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


def reset_exercise(exercise: Name = None) -> None:
    """Put the stub of one exercise back; what you wrote is kept in a backup."""
    course, chosen = _chosen(exercise)
    try:
        backup = reset(course, chosen)
    except CourseError as error:
        raise stop(error) from None
    Progress(course).record({chosen.id: None})
    console.print(f"{chosen.name} is a stub again. The old text: {_shown(backup)}", highlight=False, soft_wrap=True)


def plot(
    exercise: Name = None,
    submission: Annotated[Path | None, typer.Option(help="Folder of the work to draw; starter/ by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="A .png or .svg; plots/<exercise>.png by default.")] = None,
) -> None:
    """Draw what your function does, beside the expected shape."""
    one_thread_a_process()
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
            yours = plots.numbers_of(known[chosen.id], course, ask)
        plots.draw(known[chosen.id], yours, plots.expected(course, chosen), path)
    except (CourseError, SubmissionError, plots.Unplottable) as error:
        raise stop(error) from None
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise stop("Pictures need matplotlib: pip install -e '.[pictures]'") from None
    console.print(f"Yours beside the expected shape: {path}", soft_wrap=True)


def _bar(share: float, width: int = 16) -> str:
    full = round(share * width)
    return f"[green]{'#' * full}[/][dim]{'.' * (width - full)}[/]"


def _chosen(name: str | None) -> tuple[Course, Exercise]:
    """The exercise of a name, or where one is; that is remembered."""
    course = course_here()
    try:
        chosen = Progress(course).current if name is None else course.exercise(name)
    except CourseError as error:
        raise stop(error) from None
    if chosen is None:
        raise stop("Everything is done: give the name of an exercise.")
    Progress(course).go_to(chosen)
    return course, chosen


def _place(course: Course, exercise: Exercise) -> str:
    file = course.root / "starter" / f"{exercise.unit}.py"
    return f"{_shown(file)}:{line_of(file, exercise.name)}" if file.is_file() else _shown(file)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
