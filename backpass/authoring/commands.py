"""The commands of those who write a course: new exercises, the proof of the material, what is derived from it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backpass.course.manifest import Course, CourseError, Exercise
from backpass.terminal import (
    Device,
    advance_to,
    console,
    cores,
    devices_of,
    instructors_course,
    progress_bar,
    stop,
)
from backpass.worker.threads import one_thread_a_process

if TYPE_CHECKING:
    from backpass.authoring.pieces import Gap


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    new = typer.Typer(no_args_is_help=True, help="Begin an exercise, or a course of your own.")
    new.command("exercise")(new_exercise)
    new.command("course")(new_course)
    app.add_typer(new, name="new")
    for command in (verify, translate, derive):
        app.command()(command)


def new_exercise(
    name: Annotated[str, typer.Argument(metavar="UNIT.NAME", help="Such as losses.log_cosh_loss.")],
    signature: Annotated[str | None, typer.Option(help='Such as "log_cosh_loss(pred, target)".')] = None,
    returns: Annotated[str | None, typer.Option(help='What comes back, by name: "loss", or "param, m, v".')] = None,
    title: Annotated[str | None, typer.Option(help="A few words for lists and reports.")] = None,
    new_unit: Annotated[str | None, typer.Option(metavar="TITLE", help="The title of a unit to begin.")] = None,
) -> None:
    """Write the pieces of a new exercise, with a TODO wherever something is to be filled in."""
    from backpass.authoring.new import new_exercise as write

    course = instructors_course()
    unit, dot, function = name.partition(".")
    if not dot or not function.isidentifier():
        raise stop(f"{name!r} is no name for an exercise: unit.name, such as {course.unit_names[0]}.my_function.")
    signature = _asked("--signature", "Signature", signature, f"{function}(x)")
    if signature.partition("(")[0].strip() != function:
        raise stop(f"The signature is that of {signature.partition('(')[0].strip()!r}, and the exercise is {function}.")
    returns = _asked("--returns", "Returns", returns, "result")
    title = _asked("--title", "Title", title, function.replace("_", " ").capitalize())
    try:
        todo = write(course, unit, signature, [each.strip() for each in returns.split(",")], title, new_unit)
    except CourseError as error:
        raise stop(error) from None
    console.print(f"{name} is begun. To fill in, in any order:\n", highlight=False)
    _tell(course, todo)
    console.print(f"\nNext: backpass verify --exercise {name}", highlight=False)


def new_course(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
) -> None:
    """Write a small course of another field, complete and working, to make your own."""
    one_thread_a_process()
    from backpass.authoring.courses import new_course as write

    try:
        course = write(folder)
    except CourseError as error:
        raise stop(error) from None
    console.print(f"{folder} is a course: {course.title}. Its README.md says how to make it your own.", soft_wrap=True)
    console.print(f"Next: cd {folder} && backpass verify", highlight=False, soft_wrap=True)


def _asked(option: str, question: str, given: str | None, suggestion: str) -> str:
    """What was given, or is typed in now."""
    if given is None and not sys.stdin.isatty():
        raise stop(f"{option} is missing.")
    answer: str = typer.prompt(question, default=suggestion) if given is None else given
    return answer


def _tell(course: Course, gaps: list[Gap]) -> None:
    for gap in gaps:
        console.print(gap.told(course.root), soft_wrap=True, markup=False, highlight=False)


def verify(
    unit: Annotated[str | None, typer.Argument(help="One unit; all of them by default.")] = None,
    exercise: Annotated[str | None, typer.Option(help="One exercise: first what is missing, then the proof.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores by default.")] = None,
    device: Annotated[Device, typer.Option(help="Where solutions and accepted variants compute.")] = Device.cpu,
) -> None:
    """Prove the course material: stubs are todo, solutions pass, mistakes are rejected by name, slips are rejected."""
    one_thread_a_process()
    from backpass.authoring.verify import Broken
    from backpass.authoring.verify import verify as prove

    course = instructors_course()
    devices = devices_of(device)
    try:
        if exercise:
            _verify_one(course, course.exercise(exercise))
            return
        units = [course.unit(unit)] if unit else list(course.units)
        chosen = [each for unit in units for each in unit.exercises]
        table = Table("exercise", "checks", "by name", "slips", "alike", box=SIMPLE_HEAD)
        problems: list[str] = []
        with progress_bar() as progress:
            task = progress.add_task("preparing the graders", total=None)
            for row in prove(course, chosen, jobs or cores(), partial(advance_to, progress, task), devices):
                problems += row.problems
                named = f"{row.named} of {row.mistakes}"
                table.add_row(row.exercise, str(row.checks), named, str(row.slips), str(len(row.alike)))
    except Broken as error:
        raise _fail([str(error)]) from None
    except CourseError as error:
        raise stop(error) from None
    console.print(table)
    if problems:
        raise _fail(problems)
    console.print("Every stub is todo, every solution passes, every mistake is rejected by its own name.")


def _verify_one(course: Course, exercise: Exercise) -> None:
    """What an exercise lacks; the proof of one that lacks nothing, with what its slips come to."""
    from backpass.authoring.derived import stale_files
    from backpass.authoring.verify import prove_one, unfinished

    with console.status("Looking at its pieces ..."):
        missing = unfinished(course, exercise)
    if missing:
        console.print(f"{exercise.id} is not finished:\n", highlight=False)
        _tell(course, missing)
        raise typer.Exit(1)
    with console.status("Grading the stub, the solution and every mistake ..."):
        proof = prove_one(course, exercise)
    told = Table.grid(padding=(0, 2))
    told.add_row("  stub", proof.stub)
    told.add_row("  solution", proof.solution)
    told.add_row("  checks", str(proof.checks))
    told.add_row("  mistakes", f"{proof.mistakes}, of which {proof.named} are rejected by their names")
    told.add_row("  slips", f"{proof.slips}, of which {len(proof.alike)} answer what a right answer does")
    console.print(f"[bold]{exercise.id}[/]", told, sep="\n", highlight=False)
    for text in proof.alike:
        console.print(Padding(Text(f"- {text}"), (0, 0, 0, 4)))
    if proof.problems:
        raise _fail(proof.problems)
    console.print("\nThe stub is todo, the solution passes, every mistake is rejected by its own name.")
    if stale_files(replace(course, units=(course.unit(exercise.unit),))):
        console.print(f"Next: backpass derive {exercise.unit}", highlight=False)


def _fail(problems: Sequence[str]) -> typer.Exit:
    for problem in problems:
        console.print(Text.assemble(("- ", "red"), problem), soft_wrap=True)
    return typer.Exit(1)


def translate(
    language: Annotated[str, typer.Argument(help="Its code: de, pt_BR.")],
    unit: Annotated[str | None, typer.Option(help="One unit; all of them by default.")] = None,
) -> None:
    """Write the texts that students read as PO files for translators; what is translated already stays."""
    course = instructors_course()
    try:
        from backpass.authoring.translations import translate as write

        for path, done, texts in write(course.root, language, unit):
            console.print(f"{path.relative_to(course.root)}: {done} of {texts} texts are translated")
    except ImportError:
        raise stop("PO files are written with Babel: pip install babel") from None
    except CourseError as error:
        raise stop(error) from None
    console.print(f'`language = "{language}"` in course.toml tells students things in it.')


def derive(
    unit: Annotated[str | None, typer.Argument(help="One unit; all of them by default.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the files are up to date.")] = False,
) -> None:
    """Write what is derived: the mistakes that public checks can name, stubs to reset to, expected shapes of plots."""
    from backpass.authoring.derived import stale_files, write_derived_files
    from backpass.authoring.pieces import gaps

    course = instructors_course()
    try:
        chosen = course if unit is None else replace(course, units=(course.unit(unit),))
    except CourseError as error:
        raise stop(error) from None
    unfinished = [each for each in chosen.exercises.values() if next(gaps(course.root, each), None)]
    if unfinished:
        raise stop(f"{unfinished[0].id} is not finished: backpass verify --exercise {unfinished[0].id}")
    if not check:
        for path in write_derived_files(chosen):
            console.print(f"wrote {path.relative_to(course.root)}")
        return
    stale = stale_files(chosen)
    for path in stale:
        console.print(f"{path.relative_to(course.root)} is out of date: run `backpass derive`")
    if stale:
        raise typer.Exit(1)
